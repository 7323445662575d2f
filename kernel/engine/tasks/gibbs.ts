/**
 * The losses of the Gibbs model of theorem 1A: a head whose parameters are drawn anew from N(theta, s^2 I). Each draw
 * reads all rows; the mean over draws and its spread are what the bound needs.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { headForwardGraph, headLayout, parameterCount, type HeadShape } from '../../onnx/index.js';
import { openSession } from '../session.js';
import { defineTask, type Job } from '../task.js';

export interface GibbsInput {
  head: HeadShape;
  /** theta. */
  parameters: Float32Array;
  /** [rows, head.features] row-major. */
  x: Float32Array;
  /** Class of each row; -1 for one that the head does not know, which is always an error. */
  y: Int32Array;
  /** Standard deviations s of the parameters to try. */
  spreads: readonly number[];
  draws: number;
  seed: number;
}

export interface GibbsOutput {
  /** For each s the mean 0-1 loss of each row over the draws. */
  losses: Float64Array[];
}

const BLOCK = 4096;

export const gibbs = defineTask({
  name: 'gibbs',
  async run({ head, parameters, x, y, spreads, draws, seed }: GibbsInput, job: Job): Promise<GibbsOutput> {
    const { features, classes } = head;
    const size = parameterCount(headLayout(head));
    if (parameters.length !== size)
      throw new DataError(`gibbs: the head needs ${size} parameters, got ${parameters.length}.`);
    const rows = y.length;
    if (x.length !== rows * features)
      throw new DataError(
        `gibbs: ${rows} labels stand beside ${x.length} numbers of ${features} features a row.`
      );
    const losses = spreads.map(() => new Float64Array(rows));
    const session = await openSession(headForwardGraph(head), {});
    try {
      for (const [k, s] of spreads.entries()) {
        // The same draws for each s and each fold: what differs is then s alone.
        const random = new Random(seed, 21);
        for (let draw = 0; draw < draws; draw++) {
          job.throwIfCancelled();
          const drawn = parameters.map(value => value + s * random.normal());
          for (let from = 0; from < rows; from += BLOCK) {
            const to = Math.min(rows, from + BLOCK);
            const { logits } = await session.run({
              p: { data: drawn, shape: [size] },
              x: { data: x.subarray(from * features, to * features), shape: [to - from, features] }
            });
            for (let i = from; i < to; i++) {
              const row = logits!.subarray((i - from) * classes, (i - from + 1) * classes);
              let best = 0;
              for (let c = 1; c < classes; c++) if (row[c]! > row[best]!) best = c;
              if (best !== y[i]) losses[k]![i]! += 1 / draws;
            }
          }
          if (job.due()) job.progress((k + draw / draws) / spreads.length, 'drawing models');
        }
      }
    } finally {
      await session.dispose();
    }
    // Sums of 1 / draws may pass 1 by rounding.
    for (const column of losses) column.forEach((value, i) => (column[i] = Math.min(1, value)));
    return { losses };
  }
});
