/**
 * The rows behind a histogram, each in its bin: so that a selection can be shown within the bars. Heights are never
 * counted anew: of each bar, the selected part is as high as its share of the bar's rows, whatever the bar measures.
 */
import { codesOf, numbersOf } from './pack.js';
import type { DistributionPayload } from './payload.js';
import type { Mask } from './rows.js';

type Panel = DistributionPayload['panels'][number];

export interface Binned {
  /** Index of each row's series times bins plus its bin; -1 for a row without a place. */
  cell: Int32Array;
  /** Rows in each cell. */
  counts: Float64Array;
  /** Rows of each series. */
  totals: number[];
}

const known = new WeakMap<NonNullable<Panel['points']>, Binned>();

/** The series of each code: the one of that name, else the one in that place. */
function seriesOf(panel: Panel, categories: readonly string[]): number[] {
  return categories.map((name, code) => {
    const named = panel.series.findIndex(s => s.name === name);
    return named >= 0 ? named : code < panel.series.length ? code : -1;
  });
}

export function binned(panel: Panel): Binned {
  const points = panel.points!;
  let found = known.get(points);
  if (found) return found;
  const values = numbersOf(points.values);
  const codes = codesOf(points.series);
  const series = seriesOf(panel, points.series.categories);
  const { edges } = panel;
  const bins = Math.max(0, edges.length - 1);
  const cell = new Int32Array(values.length).fill(-1);
  const counts = new Float64Array(bins * panel.series.length);
  const totals = panel.series.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    const s = series[codes[i]!]!;
    const v = values[i]!;
    if (s < 0) continue;
    totals[s]!++;
    if (bins === 0 || Number.isNaN(v)) continue;
    // The last edge at or below the value; what lies outside belongs to the outermost bins, as where bars are made.
    let low = 0;
    let high = bins - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (v >= edges[middle]!) low = middle;
      else high = middle - 1;
    }
    cell[i] = s * bins + low;
    counts[cell[i]!]!++;
  }
  known.set(points, (found = { cell, counts, totals }));
  return found;
}

/** Height of the selected part of each bar, and the selected rows of each series. */
export function selectedHeights(
  panel: Panel,
  { cell, counts }: Binned,
  mask: Mask
): { heights: number[][]; counts: number[] } {
  const bins = Math.max(0, panel.edges.length - 1);
  const chosen = new Float64Array(counts.length);
  const codes = codesOf(panel.points!.series);
  const series = seriesOf(panel, panel.points!.series.categories);
  const totals = panel.series.map(() => 0);
  for (let i = 0; i < cell.length; i++) {
    if (!mask[i]) continue;
    const s = series[codes[i]!]!;
    if (s >= 0) totals[s]!++;
    if (cell[i]! >= 0) chosen[cell[i]!]!++;
  }
  const heights = panel.series.map((s, k) =>
    s.heights.map((h, b) => {
      const all = counts[k * bins + b]!;
      return all > 0 ? (h * chosen[k * bins + b]!) / all : 0;
    })
  );
  return { heights, counts: totals };
}
