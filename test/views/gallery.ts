/**
 * Writes pictures and words of every sample view to a folder, to be looked at: `node lib/test/views/gallery.js [folder]`.
 * At several widths, in every theme, and as they look when something is chosen.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { THEMES, unpackNumbers, type Choices, type ViewPayload } from '../../common/views/index.js';
import { renderPng, renderText } from '../../kernel/views/index.js';
import { samples } from './samples.js';

/** Something that a person might have chosen in this view. */
function chosen(payload: ViewPayload): Choices {
  if (payload.kind === 'embedding') {
    const x = unpackNumbers(payload.x);
    return { selected: new Set([...x.keys()].filter(i => x[i]! > 2 && x[i]! < 4)), pointed: 12 };
  }
  if (payload.kind === 'distribution') {
    const points = payload.panels[0]!.points;
    if (!points) return { brush: { panel: 0, from: 0.6, to: 1.5 } };
    const [values, index] = [unpackNumbers(points.values), unpackNumbers(points.rows.index)];
    const selected = new Set([...index].filter((_, i) => values[i]! > 0.35 && values[i]! < 0.6));
    return { selected, brush: { panel: 0, from: 0.35, to: 0.6 }, pointed: 5 };
  }
  if (payload.kind === 'certificate') return { gamma: new Map([[0, 35]]) };
  return payload.kind === 'report' ? { arm: 'clean' } : {};
}

const folder = process.argv[2] ?? 'test-results/gallery';
mkdirSync(folder, { recursive: true });
samples().forEach((payload, i) => {
  const name = `${i}-${payload.kind}`;
  const began = performance.now();
  const png = renderPng(payload);
  const time = (performance.now() - began).toFixed(0);
  writeFileSync(join(folder, `${name}.png`), png);
  writeFileSync(join(folder, `${name}.txt`), renderText(payload) + '\n');
  for (const theme of Object.values(THEMES)) {
    for (const width of [900, 560, 320])
      writeFileSync(join(folder, `${name}-${theme.name}-${width}.png`), renderPng(payload, { theme, width }));
    writeFileSync(
      join(folder, `${name}-${theme.name}-chosen.png`),
      renderPng(payload, { theme, width: 900, choices: chosen(payload) })
    );
  }
  console.log(`${name}: ${(png.length / 1024).toFixed(0)} KB in ${time} ms`);
});
