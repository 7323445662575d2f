/** A canvas that draws nothing, measures every letter alike, and remembers what it was asked for. */
import type { Canvas2D } from '../../common/views/index.js';

export interface Recorded {
  name: string;
  numbers: number[];
  text?: string;
}

export function recorder(): { ctx: Canvas2D; calls: Recorded[]; texts: () => string[] } {
  const calls: Recorded[] = [];
  const state: Record<string, unknown> = { font: '12px x' };
  const ctx = new Proxy(state, {
    get(target, name: string) {
      if (name in target) return target[name];
      if (name === 'measureText') {
        const size = Number(/(\d+(?:\.\d+)?)px/.exec(String(target['font']))?.[1] ?? 12);
        return (text: string) => ({ width: Array.from(text).length * size * 0.55 });
      }
      return (...args: unknown[]) => {
        const numbers = args.filter((a): a is number => typeof a === 'number');
        const text = args.find((a): a is string => typeof a === 'string');
        calls.push(text === undefined ? { name, numbers } : { name, numbers, text });
      };
    },
    set(target, name: string, value) {
      target[name] = value;
      return true;
    }
  }) as unknown as Canvas2D;
  return { ctx, calls, texts: () => calls.flatMap(c => (c.name === 'fillText' ? [c.text!] : [])) };
}
