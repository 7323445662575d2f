/**
 * Texts of like length together: which lengths are padded to, and which rows make a step. Pure arithmetic on
 * lengths and seeds, so that a resumed run meets the same steps.
 */
import { Random } from '../../onnx/index.js';

/** Lengths are rounded up to this before buckets are chosen. */
const GRAIN = 4;

/**
 * At most `most` lengths, ascending, that texts are padded to: those that pad the least in all (by dynamic
 * programming over the lengths that occur, rounded up to a multiple of 4; `longest` bounds the rounding).
 */
export function lengthBuckets(lengths: readonly number[], most: number, longest: number): number[] {
  const counts = new Map<number, number>();
  for (const length of lengths) {
    const rounded = Math.min(longest, Math.ceil(length / GRAIN) * GRAIN);
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  const sizes = [...counts.keys()].sort((a, b) => a - b);
  // Cell i of a row: fewest padded tokens of the first i sizes, and where the last bucket then begins.
  const empty = { cost: 0, from: 0 };
  const rows = [[empty, ...sizes.map(() => ({ cost: Infinity, from: 0 }))]];
  for (let k = 0; k < Math.min(most, sizes.length); k++) {
    const before = rows.at(-1)!;
    const cells = sizes.map((size, i) => {
      let [best, texts] = [{ cost: Infinity, from: 0 }, 0];
      for (let from = i; from >= 0; from--) {
        texts += counts.get(sizes[from]!)!;
        const cost = before[from]!.cost + texts * size;
        if (cost < best.cost) best = { cost, from };
      }
      return best;
    });
    rows.push([empty, ...cells]);
  }
  const chosen: number[] = [];
  for (let end = sizes.length; end > 0; end = rows.pop()![end]!.from) chosen.unshift(sizes[end - 1]!);
  return chosen;
}

/** One step: rows that are padded to the same length. */
export interface StepRows {
  rows: number[];
  tokens: number;
}

/**
 * The steps of an epoch: rows in the seed's order, `batch` of one bucket to a step. What a bucket has left over goes
 * to the next longer one, so that only the last step can be short; then the steps are put in a seeded order.
 */
export function epochSteps(
  lengths: readonly number[],
  buckets: readonly number[],
  batch: number,
  seed: number,
  epoch: number
): StepRows[] {
  const source = new Random(seed, epoch + 1);
  const order = source.permutation(lengths.length);
  const steps: StepRows[] = [];
  let open: number[] = [];
  buckets.forEach((tokens, b) => {
    const shorter = b === 0 ? 0 : buckets[b - 1]!;
    for (const row of order) {
      if (lengths[row]! <= shorter || lengths[row]! > tokens) continue;
      open.push(row);
      if (open.length < batch) continue;
      steps.push({ rows: open, tokens });
      open = [];
    }
  });
  if (open.length > 0) steps.push({ rows: open, tokens: buckets.at(-1)! });
  return Array.from(source.permutation(steps.length), i => steps[i]!);
}
