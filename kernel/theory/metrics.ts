/** Classification metrics on codes. Rows may carry multiplicities, which is how the paper bootstrap resamples. */
import { DataError } from '../../common/errors.js';
import { paperMeans, requireLength, type Papers } from './papers.js';
import { matrix, type Matrix } from './matrix.js';

/**
 * counts[true][predicted] over classes 0 ... classes - 1.
 * @throws DataError when a code is outside the classes
 */
export function confusionCounts(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  multiplicity?: ArrayLike<number>
): Matrix {
  requireLength(predicted, truth.length, 'predictions', 'labels');
  const out = matrix(classes, classes);
  for (let i = 0; i < truth.length; i++) {
    const [a, b] = [truth[i], predicted[i]];
    if (!(a >= 0 && a < classes && b >= 0 && b < classes))
      throw new DataError(`Row ${i}: label ${a}, prediction ${b}, but the classes are 0 to ${classes - 1}.`);
    out.data[a * classes + b] += multiplicity ? multiplicity[i] : 1;
  }
  return out;
}

/** Share of rows on the diagonal; NaN without rows. */
export function accuracy(counts: Matrix): number {
  let right = 0;
  let all = 0;
  for (let a = 0; a < counts.rows; a++) {
    right += counts.data[a * counts.cols + a];
    for (let b = 0; b < counts.cols; b++) all += counts.data[a * counts.cols + b];
  }
  return right / all;
}

/** F1 of each class; NaN for a class that is neither true nor predicted anywhere. */
export function f1PerClass(counts: Matrix): Float64Array {
  const k = counts.rows;
  return Float64Array.from({ length: k }, (_, c) => {
    let row = 0;
    let column = 0;
    for (let j = 0; j < k; j++) {
      row += counts.data[c * k + j];
      column += counts.data[j * k + c];
    }
    return row + column > 0 ? (2 * counts.data[c * k + c]) / (row + column) : NaN;
  });
}

/**
 * Mean F1 over the classes given (all when left out). A class that is neither true nor predicted has no F1 and is
 * left out of the mean; NaN when none is left.
 */
export function macroF1(counts: Matrix, classes?: ArrayLike<number>): number {
  const f1 = f1PerClass(counts);
  let sum = 0;
  let n = 0;
  const list = classes ?? Array.from(f1, (_, c) => c);
  for (let i = 0; i < list.length; i++) {
    const value = f1[list[i]];
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return n ? sum / n : NaN;
}

/** 1 where the prediction is wrong. */
export function zeroOneLoss(truth: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  requireLength(predicted, truth.length, 'predictions', 'labels');
  return Float64Array.from({ length: truth.length }, (_, i) => (truth[i] === predicted[i] ? 0 : 1));
}

/** Mean over papers of each paper's mean 0-1 loss: the "average paper" risk of errata.md E4. */
export function paperRisk(truth: ArrayLike<number>, predicted: ArrayLike<number>, papers: Papers): number {
  const means = paperMeans(zeroOneLoss(truth, predicted), papers);
  return means.reduce((a, b) => a + b, 0) / means.length;
}
