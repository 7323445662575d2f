/** How well models do on target papers that were held out, with intervals from resampling papers. */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { Fact, ReportPayload } from '../../../common/views/payload.js';
import { contentHash } from '../../store/index.js';
import { PARTS, type Parts } from './parts.js';
import { Value } from './value.js';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Arm {
  readonly name: string;
  readonly accuracy: Interval;
  readonly macroF1: Interval;
  /** Difference of accuracy to the first arm, paper by paper; absent for the first. */
  readonly difference?: Interval;
  /** counts[true][predicted] over `classes`. */
  readonly confusion: readonly (readonly number[])[];
}

export interface ReportParts {
  readonly fold: string;
  readonly rows: number;
  readonly papers: number;
  readonly classes: readonly string[];
  readonly arms: readonly Arm[];
  /** Share of the target's rows whose class no source row of folds F and C has. */
  readonly noOverlap: number;
  readonly noOverlapClasses: readonly string[];
  readonly seeds: number;
}

export class Report extends Value {
  override readonly kind = 'report';
  override readonly id: string;
  readonly #dataId: string;

  constructor(
    dataId: string,
    readonly parts: ReportParts
  ) {
    super();
    this.#dataId = dataId;
    this.id = contentHash({
      kind: 'report',
      data: dataId,
      parts: JSON.parse(JSON.stringify(parts)) as never
    });
  }

  override [PARTS](): Parts {
    return { content: { dataId: this.#dataId, parts: this.parts } };
  }

  override get dataId(): string {
    return this.#dataId;
  }

  override toArrow(): Table {
    const { arms } = this.parts;
    return tableFromArrays({
      arm: arms.map(arm => arm.name),
      accuracy: arms.map(arm => arm.accuracy.value),
      accuracy_low: arms.map(arm => arm.accuracy.low),
      accuracy_high: arms.map(arm => arm.accuracy.high),
      macro_f1: arms.map(arm => arm.macroF1.value),
      difference: arms.map(arm => arm.difference?.value ?? null)
    });
  }

  /** The last arm whose training may be used in earnest: the one whose mistakes are shown. */
  #shown(): Arm {
    const { arms } = this.parts;
    return arms.find(arm => arm.name === 'hybrid') ?? arms[0]!;
  }

  /** One matrix an arm, all over the same classes, so that arms can be compared by changing between them. */
  #confusions(): NonNullable<ReportPayload['confusions']> {
    const { arms, classes } = this.parts;
    const occurs = (i: number): boolean =>
      arms.some(({ confusion }) => confusion[i]!.some(n => n > 0) || confusion.some(row => row[i]! > 0));
    const used = classes.map((_, i) => i).filter(occurs);
    return arms.map(({ name, confusion }) => ({
      arm: name,
      classes: used.map(i => classes[i]!),
      // Means over training seeds: more digits would only make the payload longer.
      counts: used.map(i => used.map(j => Number(confusion[i]![j]!.toFixed(3))))
    }));
  }

  override view(): ReportPayload {
    const { parts } = this;
    const confusions = this.#confusions();
    const shown = this.#shown();
    const facts: Fact[] = [
      {
        name: 'evaluated on',
        text: `${parts.rows} rows of ${parts.papers} target papers, fold ${parts.fold}`
      },
      {
        name: 'no overlap',
        number: {
          value: parts.noOverlap,
          label: 'ESTIMATED',
          n: parts.papers,
          unit: 'papers',
          fold: parts.fold,
          help: `share of target rows whose class no source row of folds F and C has: ${parts.noOverlapClasses.join(', ') || 'none'}`
        }
      },
      ...(parts.noOverlapClasses.length > 0
        ? [{ name: 'without source support', text: parts.noOverlapClasses.join(', ') }]
        : []),
      ...parts.arms.map(arm => ({
        name: `macro F1, ${arm.name}`,
        number: {
          value: arm.macroF1.value,
          label: 'ESTIMATED' as const,
          n: parts.papers,
          unit: 'papers' as const
        }
      })),
      ...(parts.seeds > 1 ? [{ name: 'training seeds', text: `${parts.seeds}; scores are their mean` }] : [])
    ];
    return {
      kind: 'report',
      version: 1,
      title: parts.arms.length > 1 ? 'What each idea brings' : 'Evaluation',
      subtitle: `accuracy on target fold ${parts.fold}, mean over papers, 95 % intervals from resampling ${parts.papers} papers`,
      note:
        parts.papers < 10
          ? `whether a difference would hold in other papers: ${parts.papers} papers are too few to tell, and their intervals too narrow to trust.`
          : 'whether a difference would hold for another corpus; the intervals resample these papers only.',
      facts,
      metric: `accuracy, average paper of target fold ${parts.fold}`,
      higherIsBetter: true,
      arms: parts.arms.map(arm => ({
        name: arm.name,
        score: arm.accuracy,
        label: 'ESTIMATED',
        n: parts.papers
      })),
      paired: parts.arms.flatMap(arm =>
        arm.difference ? [{ name: arm.name, difference: arm.difference }] : []
      ),
      confusion: confusions.find(({ arm }) => arm === shown.name)!,
      confusions
    };
  }

  override toString(): string {
    return `Report: ${this.parts.arms.map(arm => `${arm.name} ${(100 * arm.accuracy.value).toFixed(1)} %`).join(', ')} on ${this.parts.papers} papers of fold ${this.parts.fold}`;
  }
}
