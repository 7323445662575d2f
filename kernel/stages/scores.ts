/** Scores of models on the target's labels, with intervals from resampling papers: for evaluate and ablate. */
import { Type } from '@sinclair/typebox';
import { DataError } from '../../common/errors.js';
import {
  confusionCounts,
  indexPapers,
  macroF1,
  pairedBootstrap,
  paperBootstrap,
  type Statistic
} from '../theory/index.js';
import type { Data, Fold } from './values/data.js';
import { Report, type Arm, type Interval } from './values/report.js';

/** Which of the target's folds are scored by an ablation: fold F's labels train one of its arms. */
export const AblatedFold = Type.Optional(
  Type.Union([Type.Literal('U'), Type.Literal('C+U')], {
    default: 'U',
    description:
      'Target papers that are scored: U alone, or C as well, which served without labels to choose.'
  })
);

/** Which of the target's folds are scored. */
export const ScoredFold = Type.Optional(
  Type.Union([Type.Literal('U'), Type.Literal('C+U'), Type.Literal('all')], {
    default: 'U',
    description:
      'Target papers that are scored: U, or with it C and F, which served without labels to choose and to fit.'
  })
);

const FOLDS = { U: ['U'], 'C+U': ['C', 'U'], all: ['F', 'C', 'U'] } satisfies Record<string, Fold[]>;

/** The labelled target rows that are scored. @throws DataError when there are none */
export function scoredRows(data: Data, fold: keyof typeof FOLDS, stage: string): number[] {
  const labels = data.labelsFor('evaluate');
  const rows = data.rows('target', ...FOLDS[fold]).filter(i => labels[i] !== null);
  if (rows.length === 0) {
    throw new DataError(
      `${stage}: the target has no labelled row in fold ${fold}, so nothing can be scored.`
    );
  }
  return rows;
}

/** One model's predictions of the scored rows, one list a training seed. */
export interface ArmPredictions {
  name: string;
  predictions: readonly (readonly string[])[];
}

/** Mean over papers, each counted as often as it was drawn, of the mean of its rows. */
function paperMean(values: ArrayLike<number>, papers: ReturnType<typeof indexPapers>): Statistic {
  const { of, sizes, count } = papers;
  const sums = new Float64Array(count);
  for (let i = 0; i < values.length; i++) sums[of[i]!]! += values[i]! / sizes[of[i]!]!;
  const first = new Int32Array(count).fill(-1);
  of.forEach((paper, i) => {
    if (first[paper] === -1) first[paper] = i;
  });
  return multiplicity => {
    let total = 0;
    let drawn = 0;
    for (let p = 0; p < count; p++) {
      const times = multiplicity[first[p]!]!;
      total += times * sums[p]!;
      drawn += times;
    }
    return total / drawn;
  };
}

/** An interval from resampling papers; a single paper leaves the statistic's whole range open. */
function interval(
  papers: readonly string[],
  run: () => Interval,
  value: () => number,
  range: [number, number]
): Interval {
  if (new Set(papers).size < 2) return { value: value(), low: range[0], high: range[1] };
  const { value: v, low, high } = run();
  return { value: v, low, high };
}

export function score(
  data: Data,
  fold: keyof typeof FOLDS,
  rows: readonly number[],
  arms: readonly ArmPredictions[],
  repeats: number
): Report {
  const labels = data.labelsFor('evaluate');
  const truth = rows.map(i => labels[i]!);
  const source = data.labelsFor('fit');
  const supported = new Set(source.filter(label => label !== null));
  const classes = [...new Set([...truth, ...arms.flatMap(arm => arm.predictions.flat())])].sort();
  const code = new Map(classes.map((name, i) => [name, i]));
  const truthCodes = Int32Array.from(truth, label => code.get(label)!);
  const targetClasses = [...new Set(truthCodes)];
  const papers = rows.map(i => data.paper[i]!);
  const index = indexPapers(papers);
  const ones = new Float64Array(rows.length).fill(1);

  const correct = arms.map(({ predictions }) =>
    Float64Array.from(
      truth,
      (label, i) => predictions.filter(p => p[i] === label).length / predictions.length
    )
  );
  const scored = arms.map(({ name, predictions }, a): Arm => {
    const accuracy = paperMean(correct[a]!, index);
    const codes = predictions.map(list => Int32Array.from(list, label => code.get(label)!));
    const f1: Statistic = multiplicity =>
      codes.reduce(
        (sum, predicted) =>
          sum + macroF1(confusionCounts(truthCodes, predicted, classes.length, multiplicity), targetClasses),
        0
      ) / codes.length;
    const base = paperMean(correct[0]!, index);
    const counts = codes.map(predicted => confusionCounts(truthCodes, predicted, classes.length));
    return {
      name,
      accuracy: interval(
        papers,
        () => paperBootstrap(papers, accuracy, { repeats }),
        () => accuracy(ones),
        [0, 1]
      ),
      macroF1: interval(
        papers,
        () => paperBootstrap(papers, f1, { repeats: Math.min(repeats, 200) }),
        () => f1(ones),
        [0, 1]
      ),
      difference:
        a === 0
          ? undefined
          : interval(
              papers,
              () => pairedBootstrap(papers, base, accuracy, { repeats }),
              () => accuracy(ones) - base(ones),
              [-1, 1]
            ),
      confusion: classes.map((_, i) =>
        classes.map(
          (_, j) => counts.reduce((sum, m) => sum + m.data[i * classes.length + j]!, 0) / counts.length
        )
      )
    };
  });
  const outside = truth.filter(label => !supported.has(label));
  return new Report(data.id, {
    fold,
    rows: rows.length,
    papers: index.count,
    classes,
    arms: scored,
    noOverlap: outside.length / truth.length,
    noOverlapClasses: [...new Set(outside)].sort(),
    seeds: arms[0]!.predictions.length
  });
}
