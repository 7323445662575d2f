/**
 * The ledger of fold V (errata.md E3c): the j-th query runs at delta_j = delta 6 / (pi^2 j^2), so that all queries ever
 * made together miss with probability at most delta. Pure arithmetic; where the count is kept is the store's.
 */
import { LedgerError } from '../../../common/errors.js';

/** delta_j of the j-th query, j = 1, 2, ... @throws LedgerError when j is not a positive whole number */
export function ledgerDelta(delta: number, j: number): number {
  if (!Number.isInteger(j) || j < 1)
    throw new LedgerError(`The number of a query of fold V must be 1, 2, ..., got ${j}.`);
  if (!(delta > 0 && delta < 1))
    throw new LedgerError(`The ledger's delta must lie between 0 and 1, got ${delta}.`);
  return (delta * 6) / (Math.PI ** 2 * j * j);
}

/** delta / K of each of K looks that were declared beforehand (errata.md E3b). @throws LedgerError past the K-th */
export function checkpointDelta(delta: number, declared: number, j: number): number {
  if (!Number.isInteger(declared) || declared < 1)
    throw new LedgerError(`The number of declared looks must be 1, 2, ..., got ${declared}.`);
  if (j > declared)
    throw new LedgerError(
      `Fold V was declared to be looked at ${declared === 1 ? 'once' : `${declared} times`}, and this would be look ${j}. Certify on papers that were not looked at yet.`
    );
  return delta / declared;
}

/** Sum of delta_1 ... delta_j: never above delta. */
export function ledgerSpent(delta: number, j: number): number {
  let sum = 0;
  for (let i = 1; i <= j; i++) sum += ledgerDelta(delta, i);
  return sum;
}
