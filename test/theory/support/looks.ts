/** Many looks at fold V, of which the best is believed (errata.md E3). */
import { bettingUcb, Random } from '../../../kernel/theory/index.js';

/** The true risk at every look. */
const RISK = 0.2;

/**
 * In how many of the repeats the least bound of all looks lies below the truth, for each rule of the delta at look j.
 * @param papers of each look, one row each
 */
export function missesOfLooks(
  { seed, repeats, looks, papers }: { seed: number; repeats: number; looks: number; papers: number },
  ...rules: ((j: number) => number)[]
): number[] {
  const random = new Random(seed);
  const misses = rules.map(() => 0);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const losses = Array.from({ length: looks }, () =>
      Float64Array.from({ length: papers }, () => Number(random.uniform() < RISK))
    );
    rules.forEach((rule, k) => {
      const bounds = losses.map((z, j) =>
        bettingUcb(z, { lo: 0, hi: 1, delta: rule(j + 1), variance: 0.16 })
      );
      if (Math.min(...bounds) < RISK) misses[k]++;
    });
  }
  return misses;
}
