/** What weighing shows of itself: the ratio and the training weight as histograms, of folds F and C alone. */
import type { DistributionPayload } from '../../../common/views/payload.js';
import { codesOf, evenly, packAs, previewWords, rowsOf, type Extent } from './extent.js';
import { binEdges, histogram } from './histogram.js';
import { shown } from './shown.js';
import type { Weights, WeightSummary } from './weights.js';

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** What the weights are called on screen. */
export function weightWords({ kind }: Pick<WeightSummary, 'kind'>): string {
  return kind === 'tilt' ? 'similarity tilt' : 'density ratio';
}

export function weightsView(value: Weights, extent: Extent): DistributionPayload {
  const { data } = value.clean.space;
  const { ratio, train } = value.columns;
  const { summary, preview } = value;
  const what = weightWords(summary);
  const open = value.openRows();
  const domains = ['source', 'target'] as const;
  const source = open.filter(i => data.domain[i] === 'source');
  const target = open.filter(i => data.domain[i] === 'target');
  const drawn = evenly(open, extent);
  const floor = (w: number): number => Math.max(w, 1e-3);
  const at = (column: Float64Array, rows: readonly number[]): number[] => rows.map(i => floor(column[i]!));
  const edges = binEdges([...at(ratio, source), ...at(ratio, target)], 'log', 36);
  const fitted = source.filter(i => data.fold[i] === 'F');
  const drawnF = evenly(fitted, extent);
  const trainEdges = binEdges(at(train, fitted), 'log', 36);
  return {
    kind: 'distribution',
    version: 1,
    title: value.bypassed ? 'Similarity, bypassed' : 'Similarity: how target-like each row is',
    subtitle: preview ? `${summary.words} ${capital(previewWords(preview))}.` : summary.words,
    note: 'folds V and U, which certify; and whether the ratio is right where no source paper lies.',
    facts: [
      {
        name: 'held-out J',
        text: summary.table
          .map(row =>
            Number.isFinite(row.J)
              ? `${row.method} ${row.J.toFixed(3)}${row.kept ? ' (kept)' : ''}`
              : `${row.method} ${row.note}`
          )
          .join(', ')
      },
      {
        name: 'effective sample size',
        number: {
          value: summary.ess,
          label: 'ESTIMATED',
          n: summary.papers,
          unit: 'papers',
          help: `${summary.essBefore.toFixed(1)} before tempering; the gate asks for ${summary.gate.toFixed(1)} of ${summary.papers} papers.`
        }
      },
      {
        name: 'tempering γ',
        number: {
          value: summary.gamma,
          label: 'ESTIMATED',
          help: 'for training only; the certificate keeps min(ŵ, W)'
        }
      },
      { name: 'cap W', number: { value: summary.cap, label: 'ESTIMATED', help: 'chosen on fold C' } },
      { name: 'principal components', text: String(summary.rank) },
      ...summary.facts.map(({ name, number }) => ({ name, number: shown(number) })),
      ...(summary.warnings.length > 0 ? [{ name: 'beware', text: summary.warnings.join(' ') }] : [])
    ],
    panels: [
      {
        title: `${capital(what)}, source against target`,
        xLabel: `${what} ŵ (mean 1 over source papers)`,
        yLabel: 'share of rows',
        scale: 'log',
        edges,
        series: [
          histogram('source', 'source', at(ratio, source), edges),
          histogram('target', 'target', at(ratio, target), edges)
        ],
        curves: [
          {
            name: 'min(ŵ, W)',
            axis: 'weight',
            scale: 'log',
            x: edges,
            y: edges.map(x => Math.min(x, summary.cap))
          }
        ],
        marks: [{ x: summary.cap, label: 'W' }],
        points: {
          values: packAs(extent, at(ratio, drawn)),
          series: codesOf(
            domains,
            drawn.map(i => domains.indexOf(data.domain[i]!))
          ),
          rows: rowsOf(data, drawn, extent)
        }
      },
      {
        title: 'Training weight of fold F',
        xLabel: 'min(ŵ, W)^γ · κ',
        yLabel: 'share of rows',
        scale: 'log',
        edges: trainEdges,
        series: [histogram('source F', 'source', at(train, fitted), trainEdges)],
        curves: [],
        marks: [],
        points: {
          values: packAs(extent, at(train, drawnF)),
          series: codesOf(
            ['source F'],
            drawnF.map(() => 0)
          ),
          rows: rowsOf(data, drawnF, extent)
        }
      }
    ]
  };
}
