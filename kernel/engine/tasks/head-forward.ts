/** Predictions of a trained head. Rows go through in blocks, so that any number of them fits in memory. */
import { DataError } from '../../../common/errors.js';
import { headForwardGraph, headLayout, parameterCount, type HeadShape } from '../../onnx/index.js';
import { openSession, type Device } from '../session.js';
import { defineTask, type Job } from '../task.js';

export interface HeadForwardInput {
  head: HeadShape;
  /** As train-head returns them. */
  parameters: Float32Array;
  /** [rows, head.features] row-major. */
  x: Float32Array;
  device?: Device;
}

export interface HeadForwardOutput {
  /** [rows, head.classes] row-major. */
  logits: Float32Array;
  /** Softmax of the logits, [rows, head.classes]. */
  probabilities: Float32Array;
}

const BLOCK = 4096;

export const headForward = defineTask({
  name: 'head-forward',
  async run({ head, parameters, x, device }: HeadForwardInput, job: Job): Promise<HeadForwardOutput> {
    const { features, classes } = head;
    const size = parameterCount(headLayout(head));
    if (parameters.length !== size) {
      throw new DataError(`head-forward: the head needs ${size} parameters, got ${parameters.length}.`);
    }
    if (x.length % features) {
      throw new DataError(`head-forward: ${x.length} numbers are not whole rows of ${features} features.`);
    }
    const rows = x.length / features;
    const logits = new Float32Array(rows * classes);
    const probabilities = new Float32Array(rows * classes);
    const session = await openSession(headForwardGraph(head), { device });
    try {
      for (let from = 0; from < rows; from += BLOCK) {
        job.throwIfCancelled();
        const to = Math.min(rows, from + BLOCK);
        const block = await session.run({
          p: { data: parameters, shape: [size] },
          x: { data: x.subarray(from * features, to * features), shape: [to - from, features] }
        });
        logits.set(block.logits!, from * classes);
        probabilities.set(block.probabilities!, from * classes);
        if (job.due()) job.progress(to / rows, `predicted ${to} of ${rows} rows`);
      }
    } finally {
      await session.dispose();
    }
    return { logits, probabilities };
  }
});
