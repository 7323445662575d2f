/**
 * What fitting the ratio on principal components may cost (theory.md, lemma 0'): the ratio of u = P z is the mean of omega
 * given u, and |E_S[omega_u l] - E_S[omega l]| <= sqrt(chi^2 - chi_u^2) sqrt(E_S Var(g | u)). Neither chi^2 can be computed,
 * so this is ESTIMATED (errata.md E12).
 */
import type { LabelledNumber } from '../../common/labels.js';

/**
 * @param wide estimate of chi^2 in the larger space; @param kept in the space of the ratio
 * @param range of the loss; the loss's variance given u is at most a quarter of its square
 */
export function projectionCost(wide: number, kept: number, n: number, range: number = 1): LabelledNumber {
  return {
    value: (range / 2) * Math.sqrt(Math.max(0, wide - kept)),
    label: 'ESTIMATED',
    n,
    unit: 'rows',
    fold: 'F, C',
    help: 'By how much a risk may be off because the ratio sees principal components alone. It is less where what is left out predicts domain or loss, but not both.'
  };
}
