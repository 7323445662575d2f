/**
 * What only a simulation can tell: the true target risk of trained heads, on fresh rows of the law that the data
 * were drawn from. Its numbers carry the label ORACLE.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import { parameterOf, type HeadShape, type ParameterLayout } from '../../onnx/index.js';
import { trueRisks, type Matrix, type Predictor, type SimulationSpec } from '../../theory/index.js';
import { defineTask, type Job } from '../task.js';

export interface OracleHead {
  head: HeadShape;
  parameters: Float32Array;
  layout: ParameterLayout;
  /** Standardisation of the rows. */
  mean: Float32Array;
  scale: Float32Array;
  /** The label (0 or 1) that each of the head's classes stands for. */
  labels: readonly number[];
}

export interface OracleInput {
  spec: SimulationSpec;
  heads: readonly OracleHead[];
  rows: number;
}

export interface OracleOutput {
  /** True target risk of each head; all on the same fresh rows, so that differences are paired. */
  risks: LabelledNumber[];
}

/** The head's answer for every row, in float64. */
function predictor({ head, parameters, layout, mean, scale, labels }: OracleHead): Predictor {
  const weight = (name: string): Float32Array => parameterOf(parameters, layout, name);
  const layer = (input: Float64Array, w: Float32Array, b: Float32Array): Float64Array =>
    Float64Array.from(b, (bias, i) => {
      let sum = bias;
      for (let j = 0; j < input.length; j++) sum += w[i * input.length + j]! * input[j]!;
      return sum;
    });
  const output = [weight('output.weight'), weight('output.bias')] as const;
  const hidden = head.hidden ? ([weight('hidden.weight'), weight('hidden.bias')] as const) : undefined;
  return (x: Matrix) =>
    Int32Array.from({ length: x.rows }, (_, i) => {
      let row = Float64Array.from(mean, (m, j) => (x.data[i * x.cols + j]! - m) / scale[j]!);
      if (hidden) row = layer(row, ...hidden).map(value => Math.max(0, value));
      const logits = layer(row, ...output);
      return labels[logits.indexOf(Math.max(...logits))]!;
    });
}

export const oracle = defineTask({
  name: 'oracle',
  async run({ spec, heads, rows }: OracleInput, job: Job): Promise<OracleOutput> {
    let answered = 0;
    const asked = heads.map((head): Predictor => {
      const predict = predictor(head);
      return x => {
        job.throwIfCancelled();
        job.progress(answered / (heads.length * rows), 'true risk, from fresh rows');
        answered += x.rows;
        return predict(x);
      };
    });
    return { risks: trueRisks(spec, asked, rows) };
  }
});
