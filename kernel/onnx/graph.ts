/**
 * The graph under construction: typed tensors, the nodes that make them, constants, inputs, outputs, and for
 * each differentiable node the rule that makes its gradient (used by gradient.ts). Operators live in ops/.
 * Nothing is computed here: a Graph is encoded by model.ts and run by ONNX Runtime.
 */
import { ShapeError } from '../../common/errors.js';
import { formatShape, sameShape, type Shape } from './shape.js';

export type DataType = 'float32' | 'int64' | 'int32' | 'bool';

/** Where the bytes of a weight lie when they stay outside of the model: a file, and a range within it. */
export interface ExternalData {
  /** Path relative to the folder that the session is given. */
  location: string;
  offset: number;
  length: number;
}

export interface Initializer {
  name: string;
  dtype: DataType;
  shape: readonly number[];
  data: Uint8Array | ExternalData;
}

export type Attribute = number | readonly number[] | string | { float: number };

export interface Node {
  operator: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
}

/** A value of the graph. It holds no numbers: only where they come from, their type and their shape. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DataType;
  /** Whether a gradient can flow through it. */
  readonly requiresGradient: boolean;
}

/** Given the gradient of a node's output, makes the gradients of its inputs (undefined: none flows). */
export type GradientRule = (outputGradient: Tensor) => (Tensor | undefined)[];

interface Recorded {
  output: Tensor;
  inputs: readonly Tensor[];
  rule: GradientRule;
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: Tensor[] = [];
  readonly initializers: Initializer[] = [];
  /** Differentiable nodes in the order of their making: the reverse of it is the order of the gradients. */
  readonly tape: Recorded[] = [];
  private readonly constants = new Map<string, Tensor>();
  private readonly names = new Set<string>();
  private counter = 0;

  /** A value fed at each run. */
  input(name: string, shape: Shape, dtype: DataType = 'float32'): Tensor {
    const tensor = this.tensor(this.claim(name), shape, dtype, false);
    this.inputs.push(tensor);
    return tensor;
  }

  /** Names a value as a result of the graph. */
  output(name: string, value: Tensor): Tensor {
    const [result] = this.node('Identity', [value], [{ shape: value.shape, name: this.claim(name) }]);
    this.outputs.push(result!);
    return result!;
  }

  /** A float32 constant; a number makes a scalar, which broadcasts to any shape. Equal constants are shared. */
  constant(values: number | readonly number[]): Tensor {
    const array = typeof values === 'number' ? [values] : values;
    return this.shared('float32', Float32Array.from(array), typeof values === 'number' ? [] : [array.length]);
  }

  /** An int64 vector, as the shapes, axes and indices of operators are given. */
  integers(values: readonly number[]): Tensor {
    return this.shared('int64', BigInt64Array.from(values.map(BigInt)), [values.length]);
  }

  /** A weight kept inside the model, or in a file beside it. */
  weight(name: string, shape: readonly number[], data: Float32Array | ExternalData): Tensor {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const held = data instanceof Float32Array ? data.length : data.length / 4;
    if (held !== size) {
      throw new ShapeError(`Weight ${name}: shape ${formatShape(shape)} needs ${size} numbers, got ${held}.`);
    }
    return this.initializer(
      this.claim(name),
      'float32',
      shape,
      data instanceof Float32Array ? bytes(data) : data
    );
  }

  /** Adds a node without a gradient rule; `record` adds the rule. */
  node(
    operator: string,
    inputs: readonly (Tensor | undefined)[],
    outputs: readonly { shape: Shape; dtype?: DataType; name?: string }[],
    attributes: Record<string, Attribute> = {},
    domain = ''
  ): Tensor[] {
    const given = inputs.filter((input): input is Tensor => input !== undefined);
    for (const input of given) {
      if (input.graph !== this) throw new ShapeError(`${operator}: ${input.name} belongs to another graph.`);
    }
    const dtype = given[0]?.dtype ?? 'float32';
    const requiresGradient = given.some(input => input.requiresGradient);
    const made = outputs.map(output =>
      this.tensor(output.name ?? this.fresh(operator), output.shape, output.dtype ?? dtype, requiresGradient)
    );
    this.nodes.push({
      operator,
      domain,
      inputs: inputs.map(input => input?.name ?? ''),
      outputs: made.map(output => output.name),
      attributes
    });
    return made;
  }

  /** Remembers how the gradient of `output` reaches `inputs`. */
  record(output: Tensor, inputs: readonly Tensor[], rule: GradientRule): Tensor {
    if (output.requiresGradient) this.tape.push({ output, inputs, rule });
    return output;
  }

  /** The same value seen as a variable, so that gradients with respect to it can be asked for. */
  variable(value: Tensor): Tensor {
    return this.tensor(value.name, value.shape, value.dtype, true);
  }

  private shared(dtype: DataType, values: Float32Array | BigInt64Array, shape: readonly number[]): Tensor {
    const key = `${dtype}${formatShape(shape)}${values.join()}`;
    let tensor = this.constants.get(key);
    if (!tensor) {
      tensor = this.initializer(this.fresh('constant'), dtype, shape, bytes(values));
      this.constants.set(key, tensor);
    }
    return tensor;
  }

  private initializer(
    name: string,
    dtype: DataType,
    shape: readonly number[],
    data: Initializer['data']
  ): Tensor {
    this.initializers.push({ name, dtype, shape, data });
    return this.tensor(name, shape, dtype, false);
  }

  private tensor(name: string, shape: Shape, dtype: DataType, requiresGradient: boolean): Tensor {
    return { graph: this, name, shape: [...shape], dtype, requiresGradient };
  }

  private claim(name: string): string {
    if (this.names.has(name)) throw new ShapeError(`The graph already has a value named ${name}.`);
    this.names.add(name);
    return name;
  }

  private fresh(stem: string): string {
    let name: string;
    do name = `${stem}_${this.counter++}`;
    while (this.names.has(name));
    return this.claim(name);
  }
}

/** Throws ShapeError unless the two shapes are equal. */
export function expectShape(operation: string, actual: Shape, expected: Shape): void {
  if (!sameShape(actual, expected)) {
    throw new ShapeError(
      `${operation}: expected shape ${formatShape(expected)}, got ${formatShape(actual)}.`
    );
  }
}

function bytes(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
