/**
 * What denoising says of each row: how far it lies from the manifold, how clean it counts, whether a person
 * should look at it. kappa is a function fixed on folds F and C; decisions of a review overrule it there.
 */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { LabelledNumber } from '../../../common/labels.js';
import type { DistributionPayload, Fact } from '../../../common/views/payload.js';
import { contentHash, type Decision, type Hashable } from '../../store/index.js';
import { binEdges, histogram } from './histogram.js';
import { Picture } from './picture.js';
import type { Space } from './space.js';
import { Value } from './value.js';

/** One entry a row of Data. */
export interface DenoisedColumns {
  /** Clean weight in [0, 1], theorem 2b. */
  readonly kappa: Float64Array;
  /** Distance to the computed projection, errata.md E13. */
  readonly distance: Float64Array;
  /** Conformal p-value of the max-of-three score against the reference. */
  readonly pValue: Float64Array;
  /** 1 where the row is flagged for a person. Flags change no weight. */
  readonly flagged: Uint8Array;
}

/** What was fitted, and what it promises. */
export interface ManifoldSummary {
  readonly rank: number;
  readonly share: number;
  readonly sigma: number;
  readonly dimension: number;
  /** Intrinsic dimension by estimator. */
  readonly votes: Readonly<Record<string, number>>;
  readonly neighbors: number;
  readonly d0: number;
  readonly h: number;
  readonly reference: { readonly rows: number; readonly papers: number; readonly words: string };
  readonly theorem2: readonly { readonly name: string; readonly number: LabelledNumber }[];
}

/** Decisions of a person, and those that could not be applied to this data. */
export interface Review {
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Decisions on rows that are in fold V or U now; they are left alone. */
  readonly heldOut: number;
  /** Decisions on samples that are not in this data. */
  readonly elsewhere: number;
}

export class Denoised extends Value {
  override readonly kind = 'denoised';
  override readonly id: string;

  constructor(
    readonly space: Space,
    readonly columns: DenoisedColumns,
    readonly manifold: ManifoldSummary,
    /** What a person decided; nothing before a review. */
    readonly review: Review = { decisions: new Map(), heldOut: 0, elsewhere: 0 }
  ) {
    super();
    this.id = contentHash({
      kind: 'denoised',
      space: space.id,
      ...columns,
      decisions: [...review.decisions.values()]
        .sort((a, b) => (a.sample < b.sample ? -1 : 1))
        .map(({ sample, decision, label }) => ({ sample, decision, label }) as Hashable)
    });
  }

  override get dataId(): string {
    return this.space.dataId;
  }

  /** Decisions in force, by sample id. */
  get decisions(): ReadonlyMap<string, Decision> {
    return this.review.decisions;
  }

  /** The label that a review gave the row, or the label as it was. */
  relabel(row: number, label: string | null): string | null {
    const decision = this.decisions.get(this.space.data.ids[row]!);
    return decision?.decision === 'relabel' ? decision.label! : label;
  }

  override toArrow(): Table {
    const { kappa, distance, pValue, flagged } = this.columns;
    return tableFromArrays({
      id: [...this.space.data.ids],
      kappa,
      distance,
      p_value: pValue,
      flagged,
      decision: this.space.data.ids.map(id => this.decisions.get(id)?.decision ?? null)
    });
  }

  #flags(): number {
    return this.columns.flagged.reduce((sum, flag) => sum + flag, 0);
  }

  #count(): string {
    const { data } = this.space;
    const reviewable = data.rows('source', 'F', 'C').length + data.rows('target', 'F', 'C').length;
    return `${this.#flags()} of the ${reviewable} rows of folds F and C flagged`;
  }

  #reviewed(): Fact[] {
    const { decisions, heldOut, elsewhere } = this.review;
    if (decisions.size + heldOut + elsewhere === 0) return [];
    const words = [`${decisions.size} applied`];
    if (heldOut > 0) words.push(`${heldOut} not applied: their papers certify (V, U)`);
    if (elsewhere > 0) words.push(`${elsewhere} about samples that are not in this data`);
    return [{ name: 'decisions', text: words.join('; ') }];
  }

  /** The `count` rows of folds F and C that lie furthest out, flagged or not: where a review would begin. */
  strangest(count: number = 10): Picture {
    const { space, columns } = this;
    const { data } = space;
    const label = data.labelsFor('fit');
    const rows = [...data.rows('source', 'F', 'C'), ...data.rows('target', 'F', 'C')]
      .sort((a, b) => columns.pValue[a]! - columns.pValue[b]! || columns.kappa[a]! - columns.kappa[b]!)
      .slice(0, Math.max(1, Math.min(200, count)));
    return new Picture({
      kind: 'table',
      version: 1,
      title: 'Furthest from the manifold',
      subtitle: `${rows.length} of the rows of folds F and C, by p-value`,
      note: 'folds V and U, which no review may touch.',
      facts: [],
      n: rows.length,
      columns: [
        { name: 'text', numeric: false },
        { name: 'label', numeric: false },
        { name: 'fold', numeric: false },
        { name: 'p-value', numeric: true },
        { name: 'κ', numeric: true }
      ],
      rows: rows.map(i => [
        data.text[i]!.slice(0, 120),
        label[i] ?? '(masked)',
        `${data.domain[i]} ${data.fold[i]}`,
        Number(columns.pValue[i]!.toPrecision(2)),
        Number(columns.kappa[i]!.toPrecision(3))
      ])
    });
  }

  /** The embedding with flagged rows as crosses, coloured by clean weight. */
  embedding(): Picture {
    const { space, columns } = this;
    return new Picture(
      space.embedding({
        title: 'Embedding, denoised',
        subtitle: this.#count(),
        colour: 'kappa',
        openFolds: true,
        flagged: columns.flagged,
        columns: [
          space.numbers('kappa', 'clean weight κ', columns.kappa, 'linear'),
          space.numbers('p', 'p-value', columns.pValue, 'log')
        ],
        facts: [{ name: 'flags', number: { value: this.#flags(), label: 'ESTIMATED', unit: 'rows' } }]
      })
    );
  }

  override view(): DistributionPayload {
    const { manifold, columns, space } = this;
    const { data } = space;
    const of = (rows: number[]): number[] => rows.map(i => columns.distance[i]!);
    const flaggedRows = [...columns.flagged.keys()].filter(i => columns.flagged[i]);
    const open = [...data.rows('source', 'F', 'C'), ...data.rows('target', 'F', 'C')];
    const edges = binEdges(of(open), 'linear', 40);
    const xs = Array.from({ length: 121 }, (_, i) => edges[0]! + ((edges.at(-1)! - edges[0]!) * i) / 120);
    const { d0, h } = manifold;
    const votes = Object.entries(manifold.votes).map(([name, value]) => `${name} ${value.toFixed(1)}`);
    const decided = this.decisions.size;
    return {
      kind: 'distribution',
      version: 1,
      title: 'Distance to the manifold',
      subtitle: `${this.#count()}${decided > 0 ? `, ${decided} decided by a person` : ''}`,
      note: 'folds V and U, which certify; and whether a row far out is wrong or only rare: a flag asks a person.',
      facts: [
        {
          name: 'global PCA',
          text: `rank ${manifold.rank}, ${Math.round(100 * manifold.share)} % of the variance`
        },
        {
          name: 'intrinsic dimension',
          number: {
            value: manifold.dimension,
            label: 'ESTIMATED',
            help: `votes: ${votes.join(', ')}`
          }
        },
        { name: 'votes', text: votes.join(', ') },
        {
          name: 'reference',
          text: `${manifold.reference.rows} rows of ${manifold.reference.papers} papers: ${manifold.reference.words}`
        },
        ...manifold.theorem2.map(({ name, number }) => ({
          // A person's κ is not a function of the distance: what the theorem says is said of the other rows.
          name: decided > 0 ? `${name}, rows not decided by a person` : name,
          number
        })),
        ...this.#reviewed(),
        {
          name: 'rows flagged',
          number: {
            value: flaggedRows.length,
            label: 'ESTIMATED',
            unit: 'rows',
            help: 'Rows of one paper are not exchangeable with each other, so the false-discovery rate is not certified.'
          }
        }
      ],
      panels: [
        {
          title: 'Distance, source against target',
          xLabel: 'distance to the computed projection',
          yLabel: 'share of rows',
          scale: 'linear',
          edges,
          series: [
            histogram('source', 'source', of(data.rows('source', 'F', 'C')), edges),
            histogram('target', 'target', of(data.rows('target', 'F', 'C')), edges),
            ...(flaggedRows.length > 0 ? [histogram('flagged', 'flagged', of(flaggedRows), edges)] : [])
          ],
          curves: [
            {
              name: 'κ',
              axis: 'clean weight κ',
              scale: 'linear',
              x: xs,
              y: xs.map(x => (h > 0 ? Math.exp(-(Math.max(0, x - d0) ** 2) / (2 * h * h)) : x > d0 ? 0 : 1))
            }
          ],
          marks: [
            { x: d0, label: 'd₀' },
            { x: d0 + h, label: 'd₀ + h' }
          ]
        }
      ]
    };
  }

  override toString(): string {
    return `Denoised: ${this.#count()}, rank ${this.manifold.rank}, dimension ${this.manifold.dimension}`;
  }
}
