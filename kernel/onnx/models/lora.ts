/**
 * Low-rank adapters (LoRA, Hu et al. 2021) on the linear modules of a frozen BERT encoder: which modules, how
 * their numbers lie in the flat vector, how they start, and what they add. Names and shapes are those of Hugging
 * Face's peft. The graphs that train them are in lora-graphs.ts.
 */
import { ShapeError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import type { Tensor } from '../graph.js';
import { add, mul } from '../ops/elementwise.js';
import { linear, linearAdd, matmul } from '../ops/matmul.js';
import { transpose } from '../ops/shape.js';
import { layoutOf, parameterCount, type ParameterLayout } from '../parameters.js';
import type { Adapt, BertConfig } from './bert.js';

export interface LoraSpec {
  /** Rows of A and columns of B. */
  rank: number;
  /** The update is scaled by alpha / rank. */
  alpha: number;
  /**
   * Modules to adapt, by whole name or by the end of it after a dot, as in peft: "query", "value", "key",
   * "intermediate.dense", "attention.output.dense"; "output.dense" is both the attention's and the feed-forward
   * layer's, "dense" all three.
   */
  targetModules: readonly string[];
  /** Scales by alpha / sqrt(rank) instead (rank-stabilised, Kalajdzievski 2023). Default false. */
  rsLora?: boolean;
}

export interface LoraModule {
  /** In Hugging Face's BertModel, e.g. encoder.layer.0.attention.self.query. */
  name: string;
  inputs: number;
  outputs: number;
}

/** The factor of B A x. */
export function loraScaling({ rank, alpha, rsLora }: LoraSpec): number {
  return rsLora ? alpha / Math.sqrt(rank) : alpha / rank;
}

/**
 * The adapted modules, in the encoder's order. Throws ShapeError when the rank or alpha is out of range, or a
 * target names no module.
 */
export function loraModules(config: BertConfig, spec: LoraSpec): LoraModule[] {
  const { rank, alpha, targetModules } = spec;
  const { width, inner } = config;
  if (!Number.isInteger(rank) || rank < 1 || rank > width) {
    throw new ShapeError(`LoRA: rank must be a whole number from 1 to the width ${width}, got ${rank}.`);
  }
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new ShapeError(`LoRA: alpha must be above 0, got ${alpha}.`);
  }
  const all = Array.from({ length: config.layers }, (_, i) => `encoder.layer.${i}`).flatMap(layer => [
    { name: `${layer}.attention.self.query`, inputs: width, outputs: width },
    { name: `${layer}.attention.self.key`, inputs: width, outputs: width },
    { name: `${layer}.attention.self.value`, inputs: width, outputs: width },
    { name: `${layer}.attention.output.dense`, inputs: width, outputs: width },
    { name: `${layer}.intermediate.dense`, inputs: width, outputs: inner },
    { name: `${layer}.output.dense`, inputs: inner, outputs: width }
  ]);
  const matches = (name: string, target: string): boolean => name === target || name.endsWith(`.${target}`);
  const unknown = targetModules.find(target => !all.some(({ name }) => matches(name, target)));
  if (targetModules.length === 0 || unknown !== undefined) {
    const what =
      unknown === undefined ? 'no target modules were given' : `"${unknown}" names no linear module`;
    throw new ShapeError(
      `LoRA: ${what}. Linear modules are query, key, value, attention.output.dense, intermediate.dense, output.dense.`
    );
  }
  return all.filter(({ name }) => targetModules.some(target => matches(name, target)));
}

/**
 * For each module A [rank, inputs], then B [outputs, rank], named as in peft's adapter_model.safetensors:
 * base_model.model.<module>.lora_A.weight.
 */
export function loraLayout(config: BertConfig, spec: LoraSpec): ParameterLayout {
  return layoutOf(
    loraModules(config, spec).flatMap(({ name, inputs, outputs }) => [
      { name: weightName(name, 'A'), shape: [spec.rank, inputs] },
      { name: weightName(name, 'B'), shape: [outputs, spec.rank] }
    ])
  );
}

function weightName(module: string, part: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${part}.weight`;
}

/**
 * Starting numbers as peft's: A uniform within 1 / sqrt(inputs), which is Kaiming's uniform with a = sqrt(5), and
 * B zero, so that the adapted encoder begins as the frozen one.
 */
export function loraInitial(config: BertConfig, spec: LoraSpec, seed: number): Float32Array {
  const layout = loraLayout(config, spec);
  const flat = new Float32Array(parameterCount(layout));
  const source = new Random(seed);
  for (const { name, shape, offset } of layout) {
    if (!name.endsWith('lora_A.weight')) continue;
    const [rows, inputs] = shape as [number, number];
    const bound = 1 / Math.sqrt(inputs);
    for (let i = 0; i < rows * inputs; i++) flat[offset + i] = (2 * source.uniform() - 1) * bound;
  }
  return flat;
}

/** y + scaling B A x for the modules that `weights` has an adapter for; the others stay as they are. */
export function loraAdapt(spec: LoraSpec, weights: ReadonlyMap<string, Tensor>): Adapt {
  const scaling = loraScaling(spec);
  return (module, x, y) => {
    const [a, b] = [weights.get(weightName(module, 'A')), weights.get(weightName(module, 'B'))];
    if (!a || !b) return y;
    if (x.shape.length === 2) return linearAdd(linear(x, a), b, y, scaling);
    return add(y, mul(matmul(matmul(x, transpose(a, [1, 0])), transpose(b, [1, 0])), scaling));
  };
}
