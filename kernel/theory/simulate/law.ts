/** What a simulated law must tell: how a row of each side is drawn, its true ratio, and its chi-square. */
import type { Random } from '../../../common/random.js';

/** Where a row is drawn: foreign rows stand in the source, placed like the target and off the manifold. */
export type Side = 'source' | 'target' | 'foreign';

export interface Row {
  /** 0 or 1, of the clean law; who flips a foreign row's is the caller. */
  label: number;
  /** True ratio of the target's density to the source's at this row's place; 0 where the source never is. */
  ratio: number;
}

/** `Effect` is what the rows of one paper share. */
export interface Law<Effect = unknown> {
  effect(random: Random, target: boolean): Effect;
  /**
   * Writes a row's embedding into `into` from `at` on.
   * @param effect of its paper; undefined for a row of a paper of its own
   */
  row(random: Random, side: Side, effect: Effect | undefined, into: Float64Array, at: number): Row;
  /** chi^2 of the target from the source; Infinity where the source does not reach all of the target. */
  chiSquare: number;
}
