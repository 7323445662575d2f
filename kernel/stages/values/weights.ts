/**
 * Weights of the source rows. Two columns, because they serve two purposes (errata.md B): `train` is tempered
 * and times kappa; `certify` is the untempered min(w, W) times kappa. Similarity weights that are not ratios
 * are called tilts elsewhere; these are estimated density ratios.
 */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { LabelledNumber } from '../../../common/labels.js';
import type { DistributionPayload } from '../../../common/views/payload.js';
import { contentHash } from '../../store/index.js';
import type { Denoised } from './denoised.js';
import { binEdges, histogram } from './histogram.js';
import { shown } from './shown.js';
import { Picture } from './picture.js';
import { Value } from './value.js';

export interface WeightColumns {
  /** Fitted ratio at every row, uncapped, mean 1 over the papers of source fold F. */
  readonly ratio: Float64Array;
  /** For training: min(w, W)^gamma times kappa. */
  readonly train: Float64Array;
  /** For the certificate: min(w, W) times kappa. */
  readonly certify: Float64Array;
}

export interface WeightSummary {
  /** The estimator that was kept. */
  readonly method: string;
  /** Held-out J by estimator; smaller is better, -1/2 is uniform. */
  readonly table: readonly {
    readonly method: string;
    readonly J: number;
    readonly kept: boolean;
    readonly note: string;
  }[];
  /** Why, in words. */
  readonly words: string;
  readonly rank: number;
  readonly cap: number;
  readonly gamma: number;
  readonly gate: number;
  readonly essBefore: number;
  readonly ess: number;
  readonly papers: number;
  readonly facts: readonly { readonly name: string; readonly number: LabelledNumber }[];
}

export class Weights extends Value {
  override readonly kind = 'weights';
  override readonly id: string;

  constructor(
    readonly clean: Denoised,
    readonly columns: WeightColumns,
    readonly summary: WeightSummary
  ) {
    super();
    this.id = contentHash({ kind: 'weights', clean: clean.id, ...columns, cap: summary.cap });
  }

  override get dataId(): string {
    return this.clean.dataId;
  }

  get uniform(): boolean {
    return this.summary.method === 'uniform';
  }

  override toArrow(): Table {
    return tableFromArrays({
      id: [...this.clean.space.data.ids],
      ratio: this.columns.ratio,
      train: this.columns.train,
      certify: this.columns.certify
    });
  }

  /** The embedding coloured by density ratio. */
  embedding(): Picture {
    const { space } = this.clean;
    const shown = this.columns.ratio.map(w => Math.min(this.summary.cap, Math.max(w, 1e-3)));
    return new Picture(
      space.embedding({
        title: 'Embedding, weighed',
        subtitle: `density ratio by ${this.summary.method}, cap ${this.summary.cap.toPrecision(3)}`,
        colour: 'ratio',
        openFolds: true,
        flagged: this.clean.columns.flagged,
        columns: [
          space.numbers('ratio', 'density ratio ŵ', shown, 'log'),
          space.numbers('kappa', 'clean weight κ', this.clean.columns.kappa, 'linear')
        ],
        facts: [
          {
            name: 'effective papers',
            number: {
              value: this.summary.ess,
              label: 'ESTIMATED',
              unit: 'papers',
              help: 'effective sample size of the training weights'
            }
          }
        ]
      })
    );
  }

  override view(): DistributionPayload {
    const { data } = this.clean.space;
    const { ratio, train } = this.columns;
    const { summary } = this;
    const source = data.rows('source', 'F', 'C');
    const target = data.rows('target', 'F', 'C');
    const floor = (w: number): number => Math.max(w, 1e-3);
    const at = (column: Float64Array, rows: number[]): number[] => rows.map(i => floor(column[i]!));
    const edges = binEdges([...at(ratio, source), ...at(ratio, target)], 'log', 36);
    const fitted = data.rows('source', 'F');
    const trainEdges = binEdges(at(train, fitted), 'log', 36);
    return {
      kind: 'distribution',
      version: 1,
      title: 'Similarity: how target-like each row is',
      subtitle: summary.words,
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
        ...summary.facts.map(({ name, number }) => ({ name, number: shown(number) }))
      ],
      panels: [
        {
          title: 'Density ratio, source against target',
          xLabel: 'density ratio ŵ (mean 1 over source papers)',
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
          marks: [{ x: summary.cap, label: 'W' }]
        },
        {
          title: 'Training weight of fold F',
          xLabel: 'min(ŵ, W)^γ · κ',
          yLabel: 'share of rows',
          scale: 'log',
          edges: trainEdges,
          series: [histogram('source F', 'source', at(train, fitted), trainEdges)],
          curves: [],
          marks: []
        }
      ]
    };
  }

  override toString(): string {
    const { method, cap, ess, papers, gamma } = this.summary;
    return `Weights: ${method}, cap ${cap.toPrecision(3)}, ESS ${ess.toFixed(1)} of ${papers} papers, γ ${gamma.toFixed(2)}`;
  }
}
