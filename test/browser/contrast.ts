/** Measures, in the page, how well our text and signs stand out from what lies behind them. WCAG 2 contrast ratios. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

export interface Measured {
  what: string;
  ratio: number;
}

/**
 * @param roots selector of the elements whose visible texts are measured
 * @param signs selector of elements whose own colour is that of a sign, within the roots
 */
export async function measureContrast(
  page: IJupyterLabPageFixture,
  roots: string,
  signs: string
): Promise<{ texts: Measured[]; signs: Measured[] }> {
  return await page.evaluate(
    ([rootsSelector, signsSelector]) => {
      type Colour = [number, number, number, number];
      const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
      // Whatever syntax a colour has, a canvas knows it.
      const parse = (text: string): Colour => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = '#000';
        context.fillStyle = text;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
        return [r!, g!, b!, a! / 255];
      };
      const over = (top: Colour, bottom: Colour): Colour => {
        const [a, b] = [top[3], 1 - top[3]];
        return [0, 1, 2].map(i => top[i]! * a + bottom[i]! * b).concat(1) as Colour;
      };
      const luminance = (colour: Colour): number => {
        const [r, g, b] = colour.slice(0, 3).map(x => {
          const share = x / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const groundOf = (node: Element | null): Colour => {
        const layers: Colour[] = [];
        for (let at = node; at; at = at.parentElement) {
          const colour = parse(getComputedStyle(at).backgroundColor);
          if (colour[3] > 0) layers.push(colour);
          if (colour[3] === 1) break;
        }
        return layers.reduceRight<Colour>((below, layer) => over(layer, below), [255, 255, 255, 1]);
      };
      const ratioOf = (node: Element, ground: Colour): number => {
        const colour = parse(getComputedStyle(node).color);
        for (let at: Element | null = node; at; at = at.parentElement)
          colour[3] *= Number(getComputedStyle(at).opacity);
        const [a, b] = [luminance(over(colour, ground)), luminance(ground)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      };
      const seen = (node: Element): boolean => {
        const { width, height } = node.getBoundingClientRect();
        return width > 2 && height > 2 && node.checkVisibility({ visibilityProperty: true });
      };
      const found = {
        texts: [] as { what: string; ratio: number }[],
        signs: [] as { what: string; ratio: number }[]
      };
      for (const root of document.querySelectorAll(rootsSelector!)) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
          const node = text.parentElement!;
          if (!text.nodeValue!.trim() || !seen(node) || node.closest(':disabled')) continue;
          found.texts.push({
            what: `${node.className}: ${text.nodeValue!.slice(0, 30)}`,
            ratio: ratioOf(node, groundOf(node))
          });
        }
        for (const node of root.querySelectorAll(signsSelector!)) {
          if (!seen(node)) continue;
          found.signs.push({
            what: node.getAttribute('class') ?? node.tagName,
            ratio: ratioOf(node, groundOf(node))
          });
        }
      }
      return found;
    },
    [roots, signs] as const
  );
}
