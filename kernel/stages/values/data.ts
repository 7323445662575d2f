/**
 * Samples with a domain and a fold. A paper has ONE fold across both domains. Labels are not a public column:
 * `labelsFor` hands out only those that a use may see, so that data used to fit or choose cannot reach a
 * certificate, and target labels stay masked but for the two uses that name them.
 */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { Fact, TablePayload } from '../../../common/views/payload.js';
import { contentHash } from '../../store/index.js';
import { trueChiSquare } from '../../theory/index.js';
import type { SampleColumns } from './samples.js';
import { PARTS, type Parts } from './parts.js';
import { Value } from './value.js';

export type Domain = 'source' | 'target';

/** F fit, C choose; held out: V certify (source), U unlabelled certify and evaluate (target). */
export type Fold = 'F' | 'C' | 'V' | 'U';

/**
 * What labels are wanted for.
 * - `fit`: train and choose on the source: F and C.
 * - `target-labels`: as `fit`, and the target's fold F, for the arm that shows what labels would bring.
 * - `evaluate`: the target's folds.
 * - `certify`: V. The certify stage opens it on the ledger; whoever else does spends what the ledger protects.
 */
export type LabelUse = 'fit' | 'target-labels' | 'evaluate' | 'certify';

const VISIBLE: Record<LabelUse, (domain: Domain, fold: Fold) => boolean> = {
  fit: (domain, fold) => domain === 'source' && fold !== 'V',
  'target-labels': (domain, fold) => (domain === 'source' ? fold !== 'V' : fold === 'F'),
  evaluate: domain => domain === 'target',
  certify: (domain, fold) => domain === 'source' && fold === 'V'
};

/** What only a simulation knows. Numbers from here carry the label ORACLE. */
export interface Truth {
  /** Density ratio of each row. */
  readonly ratio: Float64Array;
  /** 1 where the row was contaminated. */
  readonly contaminated: Uint8Array;
  /** Parameters from which the law can be drawn again. */
  readonly law: Readonly<Record<string, unknown>>;
}

export interface DataParts extends Omit<SampleColumns, 'label' | 'labelSource'> {
  readonly label: readonly (string | null)[];
  readonly domain: readonly Domain[];
  readonly fold: readonly Fold[];
  /** Rows of numbers that stand for the samples where there is no text to embed. */
  readonly vectors?: { readonly dimension: number; readonly values: Float32Array };
  readonly truth?: Truth;
}

export class Data extends Value {
  override readonly kind = 'data';
  override readonly id: string;
  readonly ids: readonly string[];
  readonly text: readonly string[];
  readonly paper: readonly string[];
  readonly table: readonly string[];
  readonly domain: readonly Domain[];
  readonly fold: readonly Fold[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly vectors: DataParts['vectors'];
  readonly truth: Truth | undefined;
  readonly #label: readonly (string | null)[];

  constructor(parts: DataParts) {
    super();
    this.ids = parts.ids;
    this.text = parts.text;
    this.paper = parts.paper;
    this.table = parts.table;
    this.domain = parts.domain;
    this.fold = parts.fold;
    this.columns = parts.columns;
    this.vectors = parts.vectors;
    this.truth = parts.truth;
    this.#label = parts.label;
    const { vectors, truth: _, ...columns } = parts;
    this.id = contentHash({
      kind: 'data',
      ...columns,
      dimension: vectors?.dimension,
      vectors: vectors?.values
    });
  }

  override [PARTS](): Parts {
    const { ids, text, paper, table, domain, fold, columns, vectors, truth } = this;
    return {
      content: { ids, text, label: this.#label, paper, table, domain, fold, columns, vectors, truth },
      facts: { encoder: vectors ? 'vectors' : 'minilm' }
    };
  }

  override get dataId(): string {
    return this.id;
  }

  get length(): number {
    return this.ids.length;
  }

  /** Row numbers of one domain, of the folds given. */
  rows(domain: Domain, ...folds: Fold[]): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.length; i++) {
      if (this.domain[i] === domain && folds.includes(this.fold[i]!)) found.push(i);
    }
    return found;
  }

  /** Names of the rows' papers as a ledger keeps them: simulated papers are papers of their own draw alone. */
  ledgerPapers(rows: readonly number[]): Set<string> {
    return new Set(rows.map(i => (this.truth ? `${this.id} ${this.paper[i]!}` : this.paper[i]!)));
  }

  /** How many different papers stand behind the rows. */
  papersOf(rows: readonly number[]): number {
    return new Set(rows.map(i => this.paper[i]!)).size;
  }

  /** One label a row; null where there is none or where `use` may not see it. */
  labelsFor(use: LabelUse): (string | null)[] {
    const visible = VISIBLE[use];
    return this.#label.map((label, i) => (visible(this.domain[i]!, this.fold[i]!) ? label : null));
  }

  /** Labels are masked as for `fit`. */
  override toArrow(): Table {
    return tableFromArrays({
      ...Object.fromEntries(
        Object.entries(this.columns).map(([name, values]) => [`column.${name}`, [...values]])
      ),
      id: [...this.ids],
      text: [...this.text],
      label: this.labelsFor('fit'),
      paper: [...this.paper],
      table: [...this.table],
      domain: [...this.domain],
      fold: [...this.fold]
    });
  }

  override view(): TablePayload {
    const use = { F: 'fit', C: 'choose', V: 'certify', U: 'certify, no labels' };
    const groups = (
      [
        ['source', 'F'],
        ['source', 'C'],
        ['source', 'V'],
        ['target', 'F'],
        ['target', 'C'],
        ['target', 'U']
      ] as const
    ).map(([domain, fold]) => ({ domain, fold, rows: this.rows(domain, fold) }));
    const inBoth = new Set(this.rows('target', 'F', 'C', 'U').map(i => this.paper[i]!));
    const source = new Set(this.rows('source', 'F', 'C', 'V').map(i => this.paper[i]!));
    return {
      kind: 'table',
      version: 1,
      title: 'Source and target, by fold',
      subtitle: `${this.length} rows of ${new Set(this.paper).size} papers`,
      note: 'the rows themselves. A paper has one fold across both domains; the target’s labels are masked.',
      facts: [
        { name: 'papers in both domains', text: `${[...inBoth].filter(paper => source.has(paper)).length}` },
        ...(this.truth ? [trueShift(this.truth)] : [])
      ],
      n: groups.length,
      columns: [
        { name: 'domain', numeric: false },
        { name: 'fold', numeric: false },
        { name: 'used to', numeric: false },
        { name: 'papers', numeric: true },
        { name: 'rows', numeric: true }
      ],
      rows: groups.map(({ domain, fold, rows }) => [
        domain,
        fold,
        use[fold],
        this.papersOf(rows),
        rows.length
      ])
    };
  }

  override toString(): string {
    const s = this.rows('source', 'F', 'C', 'V');
    const t = this.rows('target', 'F', 'C', 'U');
    return `Data: source ${s.length} rows of ${this.papersOf(s)} papers, target ${t.length} rows of ${this.papersOf(t)} papers`;
  }
}

/** What the law of simulated data says of the shift. */
function trueShift({ law }: Truth): Fact {
  const name = 'χ² of target from source';
  const value = trueChiSquare(law);
  if (value === Infinity)
    return { name, text: 'infinite: part of the target lies where the source never is' };
  return {
    name,
    number: {
      value,
      label: 'ORACLE',
      help: 'Of the simulated law, in closed form. Real data have no such number.'
    }
  };
}
