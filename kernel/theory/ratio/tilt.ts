/**
 * Similarity tilts (theory.md 2.3, 3 and 8f): weights that grow with how like the target a row is. They are no density
 * ratios and are never called importance weights: w(z) = E_t K(z, t) smooths the target's density, so the tilted law is
 * p_S (p_T * K), which never reaches the target where source and target have equal covariance (errata.md E12). The tilt
 * certificate (1B-tilt) holds for them; theorem 1B says nothing.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { dot } from '../linalg.js';
import { rowOf, select, selectRows, type Matrix, type Rows } from '../matrix.js';
import { weightedMean } from '../papers.js';
import { medianDistance, sum } from './gaussian.js';
import { kernelSumAt } from './kernel-sums.js';
import { editSimilarity, HYBRID, prepareText, tokenDice } from './text-similarity.js';
import { Mark, type Steps } from './steps.js';
import { rowWeights, type RatioRows } from './types.js';

export type TiltKind = 'kernel' | 'cosine' | 'string';

/** Most target rows that rows are compared with; of texts far fewer, which cost more. */
const KERNEL_REFERENCES = 1000;
const TEXT_REFERENCES = 200;

export interface KernelTiltOptions {
  /** h; the median distance of pooled rows when left out. */
  bandwidth?: number;
  references?: number;
  seed?: number;
}

/**
 * w(z) = E_T K_h(z, t), K_h Gaussian, at the rows of `x`; any scale. With S = N(0, I) and T = N(delta, I) the tilted law
 * has mean delta / (2 + h^2) and variance (1 + h^2) / (2 + h^2) (theory.md 8f).
 * @throws DataError on NaN, no rows, or when the bandwidth is to be chosen and all rows are equal
 */
export function kernelTilt(
  x: Matrix,
  source: RatioRows,
  target: RatioRows,
  options: KernelTiltOptions = {}
): Float64Array {
  const { seed = 0, references = KERNEL_REFERENCES } = options;
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const bandwidth = options.bandwidth ?? medianDistance(source.x, target.x, a, b, seed);
  const rows = new Random(seed, 11).sample(target.x.rows, references);
  const centres = selectRows(target.x, rows);
  const share = select(b, rows);
  const total = sum(share);
  return kernelSumAt(x, { centres, bandwidth }, share).map(value => value / total);
}

/** w(z) = (1 + mean cosine with the target's rows) / 2 at the rows of `x`. A row of zeros counts as at right angles. */
export function cosineTilt(x: Rows, target: RatioRows): Float64Array {
  const b = rowWeights(target, 'The target');
  const direction = new Float64Array(x.cols);
  for (let j = 0; j < target.x.rows; j++) {
    const row = rowOf(target.x, j);
    const length = Math.hypot(...row);
    if (length > 0) for (let p = 0; p < x.cols; p++) direction[p] += (b[j] * row[p]) / length;
  }
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let [dot, square] = [0, 0];
    for (let p = 0, r = i * x.cols; p < x.cols; p++, r++) {
      dot += x.data[r] * direction[p];
      square += x.data[r] * x.data[r];
    }
    return square > 0 ? (1 + Math.max(-1, dot / Math.sqrt(square))) / 2 : 0.5;
  });
}

/** Rows with their texts: text i belongs to row i of the embedding. */
export interface TextRows {
  x: Rows;
  texts: readonly string[];
}

/** How many of the most similar target texts are averaged: AutoPK's top k. */
const TOP = 5;

/**
 * AutoPK's hybrid similarity of each row with the target: mean of the top k of s = .6 cosine + .2 edit + .2 Dice over
 * at most 200 distinct target texts (theory.md 3). @throws DataError when no target row has a text
 */
export function* hybridSimilarity(
  rows: TextRows,
  target: ArrayLike<number>,
  options: { references?: number; seed?: number } = {}
): Steps<Float64Array> {
  const { references = TEXT_REFERENCES, seed = 0 } = options;
  const distinct = new Map<string, number>();
  for (let j = 0; j < target.length; j++) {
    const text = rows.texts[target[j]];
    if (text.trim() !== '' && !distinct.has(text)) distinct.set(text, target[j]);
  }
  if (distinct.size === 0)
    throw new DataError(
      'The string tilt compares texts, and no target row has one. Choose the kernel or the cosine tilt.'
    );
  const all = [...distinct.values()];
  const chosen = new Random(seed, 12).sample(all.length, references);
  const reference = Array.from(chosen, i => ({
    unit: unitRow(rows.x, all[i]),
    text: prepareText(rows.texts[all[i]])
  }));
  const lexical = new Map<string, Float64Array>();
  const out = new Float64Array(rows.x.rows);
  for (let i = 0; i < rows.x.rows; i++) {
    if (i % 256 === 0) yield new Mark(i / rows.x.rows, `string similarity, row ${i} of ${rows.x.rows}`);
    const raw = rows.texts[i];
    let known = lexical.get(raw);
    if (!known) {
      const text = prepareText(raw);
      known = Float64Array.from(
        reference,
        r => HYBRID.edit * editSimilarity(text, r.text) + HYBRID.dice * tokenDice(text, r.text)
      );
      lexical.set(raw, known);
    }
    const unit = unitRow(rows.x, i);
    const s = known.map((value, c) => value + HYBRID.cosine * dot(unit, reference[c].unit)).sort();
    const top = s.subarray(Math.max(0, s.length - TOP));
    out[i] = sum(top) / top.length;
  }
  return out;
}

function unitRow({ cols, data }: Rows, i: number): Float64Array {
  const row = new Float64Array(data.subarray(i * cols, (i + 1) * cols));
  const length = Math.sqrt(dot(row, row));
  return length > 0 ? row.map(value => value / length) : row;
}

/** Steepness values that the string tilt is chosen from. */
export const TILT_BETAS: readonly number[] = [0.5, 1, 2, 4, 8, 16, 32];

/** exp(beta s), with s taken from its largest value so that nothing overflows; any scale. */
export function exponentialTilt(s: Float64Array, beta: number): Float64Array {
  let most = -Infinity;
  for (const value of s) most = Math.max(most, value);
  return s.map(value => Math.exp(beta * (value - most)));
}

/** The weights with mean 1 over these rows. @throws DataError when they are 0 on all of them */
export function normalizeTilt(
  w: Float64Array,
  rows: ArrayLike<number>,
  law: ArrayLike<number>
): Float64Array {
  const mean = weightedMean(select(w, rows), law);
  if (!(mean > 0))
    throw new DataError('The tilt is 0 on every source row of fold F: no source row is like a target row.');
  return w.map(value => value / mean);
}
