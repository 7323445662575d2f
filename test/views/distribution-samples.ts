/** Made-up distributions, with and without their rows: for tests and for the gallery. */
import { packCategories, packNumbers, type ViewPayload } from '../../common/views/index.js';

/** Mulberry32: the samples must be the same in every run. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normal number by Box and Muller. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function histogram(values: readonly number[], edges: readonly number[]): number[] {
  const heights = edges.slice(1).map(() => 0);
  for (const v of values) {
    const bin = edges.findIndex((e, i) => i > 0 && v < e) - 1;
    if (bin >= 0 && v >= edges[0]!) heights[bin]!++;
  }
  return heights.map((h, i) => h / Math.max(1, values.length) / (edges[i + 1]! - edges[i]!));
}

export function distributionSample(): ViewPayload & { kind: 'distribution' } {
  const random = randomSource(11);
  const source = Array.from({ length: 1100 }, () => -0.7 + 0.9 * normal(random));
  const target = Array.from({ length: 412 }, () => 1 + 0.75 * normal(random));
  const edges = Array.from({ length: 41 }, (_, i) => -3.5 + (i * 7.5) / 40);
  const grid = Array.from({ length: 80 }, (_, i) => -3.3 + (i * 7) / 79);
  const distance = Array.from({ length: 33 }, (_, i) => (i * 0.96) / 32);
  const radii = (shift: number, k: number): number[] =>
    Array.from({ length: k }, () => Math.abs(shift + 0.14 * normal(random)));
  return {
    kind: 'distribution',
    version: 1,
    title: 'Similarity and distance to the manifold',
    subtitle: 'RuLSIF α = 0.1, kept over logit-quad by held-out J',
    note: 'Whether the ratio is right where no source paper lies, and whether a distant row is wrong.',
    facts: [
      {
        name: 'ESS',
        number: { value: 50.2, label: 'ESTIMATED', n: 71, unit: 'papers' },
        text: '37 before tempering; the gate is 50.'
      },
      {
        name: 'χ² ≥',
        number: { value: 0.61, label: 'LOWER-BOUND', fold: 'C' },
        text: 'Held-out HCR; no upper bound exists.'
      },
      {
        name: 'Temper γ',
        number: { value: 0.72, label: 'ESTIMATED' },
        text: 'Train column only; certify keeps min(ŵ, W).'
      }
    ],
    panels: [
      {
        title: 'Similarity score',
        xLabel: 'score, direction fitted on fold F',
        yLabel: 'density',
        scale: 'linear',
        edges,
        series: [
          { name: 'source, 1,100 rows', role: 'source', heights: histogram(source, edges) },
          { name: 'target, 412 rows', role: 'target', heights: histogram(target, edges) }
        ],
        curves: [
          {
            name: 'ratio ŵ, capped',
            axis: 'ratio ŵ (log)',
            scale: 'log',
            x: grid,
            y: grid.map(v => Math.min(4, Math.exp(1.3 * v)))
          }
        ],
        marks: [{ x: 1.066, label: 'cap W = 4.0, chosen on fold C' }]
      },
      {
        title: 'Distance to the manifold',
        xLabel: 'distance r̂ to the computed projection',
        yLabel: 'density',
        scale: 'linear',
        edges: distance,
        series: [
          { name: 'source', role: 'source', heights: histogram(radii(0.3, 900), distance) },
          { name: 'target', role: 'target', heights: histogram(radii(0.36, 400), distance) },
          { name: 'flagged', role: 'flagged', heights: histogram(radii(0.72, 63), distance) }
        ],
        curves: [
          {
            name: 'κ(r̂)',
            axis: 'κ',
            scale: 'linear',
            x: distance,
            y: distance.map(r => Math.exp(-(Math.max(r - 0.43, 0) ** 2) / (2 * 0.12 * 0.12)))
          }
        ],
        marks: [
          { x: 0.43, label: 'd₀' },
          { x: 0.55, label: 'd₀ + h' }
        ]
      }
    ]
  };
}

/** A distribution with its rows: the tube beside the histogram of distances, both of which a selection reaches. */
export function denoisedSample(n = 1363): ViewPayload & { kind: 'distribution' } {
  const random = randomSource(13);
  const [d0, h] = [0.43, 0.12];
  const rows = Array.from({ length: n }, (_, i) => {
    const flag = random() < 0.045;
    const target = random() < 0.3;
    const far = flag ? 0.72 + 0.2 * random() : 0.3;
    const distance = Math.abs(far + 0.11 * normal(random)) * (i % 400 === 7 ? 4 : 1);
    const along = normal(random) + (target ? 1.2 : -0.4);
    return {
      along,
      distance,
      target,
      flag,
      text: `row ${i}, CL/F (L/h)`,
      place: `PMC${1000 + (i % 71)}, table 2`
    };
  });
  const edges = Array.from({ length: 33 }, (_, i) => (i * 1.28) / 32);
  const names = rows.map(r => (r.flag ? 'flagged' : r.target ? 'target' : 'source'));
  const of = (name: string): number[] => rows.flatMap((r, i) => (names[i] === name ? [r.distance] : []));
  const numbered = { data: 'data-1', index: packNumbers(rows.map((_, i) => 100 + i)) };
  const values = packNumbers(rows.map(r => r.distance));
  return {
    kind: 'distribution',
    version: 1,
    title: 'Distance to the manifold',
    subtitle: '63 of the 1,512 rows of folds F and C flagged',
    note: 'folds V and U, which certify; and whether a row far out is wrong or only rare.',
    facts: [
      { name: 'Local dimension m̂', number: { value: 5, label: 'ESTIMATED' } },
      { name: 'Mean distance ≤', number: { value: 0.41, label: 'CONDITIONAL', assumptions: ['A5', 'A6'] } },
      { name: 'Worst row κ|Δℓ| ≤', number: { value: 0.905, label: 'CONDITIONAL', assumptions: ['L'] } }
    ],
    panels: [
      {
        title: 'What distance does to the weight',
        xLabel: 'distance r̂ to the computed projection',
        yLabel: 'density',
        scale: 'linear',
        edges,
        series: (['source', 'target', 'flagged'] as const).map(name => ({
          name,
          role: name,
          heights: histogram(of(name), edges)
        })),
        curves: [
          {
            name: 'κ(r̂)',
            axis: 'κ',
            scale: 'linear',
            x: edges,
            y: edges.map(r => Math.exp(-(Math.max(r - d0, 0) ** 2) / (2 * h * h)))
          }
        ],
        marks: [
          { x: d0, label: 'd₀' },
          { x: d0 + h, label: 'd₀ + h' }
        ],
        points: { values, series: packCategories(names), rows: numbered }
      }
    ],
    tube: {
      title: 'Rows beside the manifold',
      xLabel: 'along the first direction',
      yLabel: 'distance off it',
      n: n + 149,
      x: packNumbers(rows.map(r => r.along)),
      y: values,
      domain: packCategories(rows.map(r => (r.target ? 'target' : 'source'))),
      flagged: packCategories(rows.map(r => (r.flag ? 'flagged' : 'kept'))),
      d0,
      h,
      rows: numbered,
      text: rows.map(r => r.text),
      place: rows.map(r => r.place)
    }
  };
}
