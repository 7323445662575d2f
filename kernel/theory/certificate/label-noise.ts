/**
 * Bounds on the true risk from labels that are wrong at a known rate (errata.md E5): of K classes, a label is flipped
 * with probability rho to another, each as likely, whatever the row and the prediction are, given the true label.
 * CONDITIONAL(rho). Below 1/2 the correction falls as rho rises: a rate stated too high makes the bound too low, so
 * rho must be a lower confidence limit.
 */
import { ParameterError } from '../../../common/errors.js';
import type { LabelNoise, Quantity } from './inputs.js';
import { termOf, trim, type Term } from './terms.js';

/** 1 - rho K / (K - 1): what is left of a difference of risks under noisy labels. @throws ParameterError unless > 0 */
export function noiseFactor({ rate, classes = 2 }: LabelNoise): number {
  const factor = 1 - (rate * classes) / (classes - 1);
  if (!(classes >= 2 && rate >= 0 && factor > 0))
    throw new ParameterError(
      'certify',
      'label_noise',
      `With ${classes} classes the rate of wrong labels must lie from 0 to below ${((classes - 1) / classes).toPrecision(3)}, got ${rate}: beyond that labels say nothing.`
    );
  return factor;
}

/**
 * Absolute 0-1 risk: max(0, (U - rho) / factor). Paired difference: U / factor; its offset cancels, so the sign of an
 * improvement cannot change.
 */
export function correctForNoise(bound: number, quantity: Quantity, noise: LabelNoise): number {
  const factor = noiseFactor(noise);
  return quantity === 'improvement' ? bound / factor : Math.max(0, (bound - noise.rate) / factor);
}

/** What the correction adds to an uncorrected bound, as a term of the sum. */
export function noiseTerm(bound: number, quantity: Quantity, noise: LabelNoise): Term {
  const symbol = quantity === 'improvement' ? 'U / (1 − ϱK/(K−1)) − U' : '(U − ϱ) / (1 − ϱK/(K−1)) − U';
  return termOf('wrong labels', symbol, {
    value: correctForNoise(bound, quantity, noise) - bound,
    label: 'CONDITIONAL',
    assumptions: [`ϱ = ${trim(noise.rate)}`],
    help:
      'Corrects the sum for labels that are wrong at a known rate, whatever the row and the prediction. A rate stated ' +
      'too high makes the bound too low: give the least rate that you are sure of.'
  });
}
