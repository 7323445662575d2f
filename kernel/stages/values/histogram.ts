/** Histograms for views: densities over shared bins, so that a small target is not drawn into the ground. */
import type { DistributionPayload } from '../../../common/views/payload.js';

type Series = DistributionPayload['panels'][number]['series'][number];

/** `count` bins from the smallest to the largest finite value; on a log scale, of the positive ones. */
export function binEdges(values: Iterable<number>, scale: 'linear' | 'log', count = 32): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value) || (scale === 'log' && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = scale === 'log' ? [0.1, 10] : [0, 1];
  if (low === high) [low, high] = scale === 'log' ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  const at = (t: number): number => (scale === 'log' ? low * (high / low) ** t : low + (high - low) * t);
  return Array.from({ length: count + 1 }, (_, i) => at(i / count));
}

/** The share of `values` in each bin; values outside go to the outermost bins. */
export function histogram(
  name: string,
  role: Series['role'],
  values: readonly number[],
  edges: readonly number[]
): Series {
  const heights = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    let bin = 0;
    while (bin < heights.length - 1 && value >= edges[bin + 1]!) bin++;
    heights[bin]! += 1 / values.length;
  }
  return { name, role, heights };
}
