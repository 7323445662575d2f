/** Rows with classes and weights, as the head's tasks take them, and the checks on them. */
import { DataError } from '../../../common/errors.js';

export interface HeadRows {
  /** Features [rows, features] row-major. */
  x: Float32Array;
  /** Class of each row, 0 .. classes-1. */
  y: ArrayLike<number> & Iterable<number>;
  /** Weight of each row, at least 0; only their ratios matter. Default: all 1. */
  weights?: Float32Array;
}

/** Class and weight of each row: what all training tasks have in common. */
export type Targets = Pick<HeadRows, 'y' | 'weights'>;

/** Checks the rows and returns the number of features. Throws DataError that names the row. */
export function checkRows(which: string, rows: HeadRows, classes: number): number {
  const { x, y } = rows;
  if (y.length > 0 && (x.length === 0 || x.length % y.length)) {
    throw new DataError(`train-head: ${x.length} features do not make ${y.length} equal ${which} rows.`);
  }
  checkTargets('train-head', which, rows, classes);
  const features = x.length / y.length;
  const odd = x.findIndex(value => !Number.isFinite(value));
  if (odd >= 0) {
    throw new DataError(
      `train-head: feature ${odd % features} of ${which} row ${Math.floor(odd / features)} is ${x[odd]}.`
    );
  }
  return features;
}

/** Checks classes and weights. Throws DataError that names the row. */
export function checkTargets(task: string, which: string, { y, weights }: Targets, classes: number): void {
  const rows = y.length;
  if (rows === 0) throw new DataError(`${task}: there are no ${which} rows.`);
  for (let row = 0; row < rows; row++) {
    const value = y[row]!;
    if (!Number.isInteger(value) || value < 0 || value >= classes) {
      throw new DataError(
        `${task}: the class of ${which} row ${row} is ${value}, not one of 0 to ${classes - 1}.`
      );
    }
  }
  if (weights) {
    if (weights.length !== rows) {
      throw new DataError(`${task}: ${weights.length} weights for ${rows} ${which} rows.`);
    }
    const wrong = weights.findIndex(weight => !(weight >= 0 && Number.isFinite(weight)));
    if (wrong >= 0) throw new DataError(`${task}: the weight of ${which} row ${wrong} is ${weights[wrong]}.`);
    if (weights.every(weight => weight === 0))
      throw new DataError(`${task}: all weights of ${which} rows are 0.`);
  }
}

/** Throws DataError when all rows are of one class. */
export function checkDistinct(task: string, { y }: Targets): void {
  if (new Set(y).size >= 2) return;
  throw new DataError(`${task}: all ${y.length} rows are of class ${y[0]}; at least two are needed.`);
}

/** Mean weight over all rows: 1 without weights. */
export function meanWeight(task: string, which: string, { y, weights }: Targets): number {
  if (!weights) return 1;
  const mean = weights.reduce((total, weight) => total + weight, 0) / y.length;
  // Its reciprocal is fed to the graph as a float32.
  if (mean > 1e-30) return mean;
  throw new DataError(`${task}: the weights of ${which} rows have mean ${mean}; multiply them all by 1e30.`);
}

/** Rows with a 1 at the class: [rows, classes]. */
export function oneHot(y: ArrayLike<number>, classes: number): Float32Array {
  const out = new Float32Array(y.length * classes);
  for (let row = 0; row < y.length; row++) out[row * classes + y[row]!] = 1;
  return out;
}
