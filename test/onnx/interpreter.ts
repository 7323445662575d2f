/**
 * Runs a graph's nodes in float64, for tests: a second, slow and plain reading of what each operator means, to
 * hold the built gradients against finite differences of the built loss. Not a general ONNX interpreter: it
 * knows the operators that kernel/onnx emits, and throws on any other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attribute, ExternalData, Graph, Node } from '../../kernel/onnx/index.js';

export interface Value {
  shape: number[];
  data: Float64Array;
}

/** Values of all outputs, by name. Weights that lie in a file are read from `folder`. */
export function interpret(
  graph: Graph,
  inputs: Record<string, Value>,
  folder?: string
): Record<string, Value> {
  const values = new Map<string, Value>(Object.entries(inputs));
  for (const { name, dtype, shape, data } of graph.initializers) {
    const buffer = new Uint8Array(data instanceof Uint8Array ? data : external(data, name, folder)).buffer;
    const numbers =
      dtype === 'float32' ? [...new Float32Array(buffer)] : [...new BigInt64Array(buffer)].map(Number);
    values.set(name, { shape: [...shape], data: Float64Array.from(numbers) });
  }
  for (const node of graph.nodes) {
    const given = node.inputs.map(input => values.get(input)!);
    run(node, given).forEach((value, i) => values.set(node.outputs[i]!, value));
  }
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, values.get(name)!]));
}

function external({ location, offset, length }: ExternalData, name: string, folder?: string): Uint8Array {
  if (folder === undefined) throw new Error(`${name} lies in a file`);
  return readFileSync(join(folder, location)).subarray(offset, offset + length);
}

export function value(shape: number[], fill: (i: number) => number): Value {
  return { shape, data: Float64Array.from({ length: product(shape) }, (_, i) => fill(i)) };
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function strides(shape: readonly number[]): number[] {
  return shape.map((_, i) => product(shape.slice(i + 1)));
}

/** Coordinates of every element in row-major order. */
function* places(shape: readonly number[]): Generator<number[]> {
  const steps = strides(shape);
  for (let i = 0; i < product(shape); i++) yield shape.map((dim, k) => Math.floor(i / steps[k]!) % dim);
}

/** The element of `a` that broadcasts to a place of a larger shape. */
function at(a: Value, place: readonly number[]): number {
  const offset = place.length - a.shape.length;
  const steps = strides(a.shape);
  return a.data[a.shape.reduce((sum, dim, k) => sum + (dim === 1 ? 0 : place[k + offset]!) * steps[k]!, 0)]!;
}

function broadcast(...shapes: number[][]): number[] {
  const rank = Math.max(...shapes.map(shape => shape.length));
  return Array.from({ length: rank }, (_, i) =>
    Math.max(...shapes.map(shape => shape[i - rank + shape.length] ?? 1))
  );
}

function zip(f: (...numbers: number[]) => number, ...inputs: Value[]): Value {
  const shape = broadcast(...inputs.map(input => input.shape));
  return {
    shape,
    data: Float64Array.from([...places(shape)].map(place => f(...inputs.map(input => at(input, place)))))
  };
}

/** Error function by its series near zero and its continued fraction far from it: about 1e-15. */
export function erf(x: number): number {
  if (Math.abs(x) < 3) {
    let [term, total] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = 0;
  const far = Math.abs(x);
  for (let k = 60; k > 0; k--) fraction = k / 2 / (far + fraction);
  return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (far + fraction));
}

const simple: Record<string, (...numbers: number[]) => number> = {
  Add: (a, b) => a! + b!,
  Sub: (a, b) => a! - b!,
  Mul: (a, b) => a! * b!,
  Div: (a, b) => a! / b!,
  Greater: (a, b) => (a! > b! ? 1 : 0),
  Where: (c, a, b) => (c ? a! : b!),
  Neg: a => -a!,
  Exp: a => Math.exp(a!),
  Log: a => Math.log(a!),
  Sqrt: a => Math.sqrt(a!),
  Tanh: a => Math.tanh(a!),
  Erf: a => erf(a!),
  Relu: a => Math.max(a!, 0),
  Sigmoid: a => 1 / (1 + Math.exp(-a!)),
  Gelu: a => (a! * (1 + erf(a! / Math.SQRT2))) / 2,
  Identity: a => a!,
  Cast: a => a!
};

function run(node: Node, inputs: Value[]): Value[] {
  const operation = simple[node.operator];
  if (operation) return [zip(operation, ...inputs)];
  const [a, b, c] = inputs as [Value, Value, Value];
  const attribute = (name: string): Attribute | undefined => node.attributes[name];
  switch (node.operator) {
    case 'ReduceSum':
    case 'ReduceMean':
    case 'ReduceMax':
      return [reduce(node.operator, a, [...b.data], attribute('keepdims') === 1)];
    case 'Reshape':
      return [reshape(a, [...b.data])];
    case 'Transpose':
      return [transpose(a, attribute('perm') as number[])];
    case 'Expand':
      return [
        zip(
          x => x!,
          a,
          value([...b.data], () => 0)
        )
      ].map(({ data }) => ({ shape: [...b.data], data }));
    case 'Concat':
      return [concat(inputs, attribute('axis') as number)];
    case 'Split':
      return split(a, [...b.data], attribute('axis') as number);
    case 'Gather':
      return [gather(a, b, attribute('axis') as number)];
    case 'MatMul':
      return [matmul(a, b)];
    case 'Gemm': {
      const left = attribute('transA') ? transpose(a, [1, 0]) : a;
      const right = attribute('transB') ? transpose(b, [1, 0]) : b;
      const alpha = attribute('alpha') as { float: number } | undefined;
      const ab = zip(x => x! * Math.fround(alpha?.float ?? 1), matmul(left, right));
      return [inputs.length === 3 ? zip((x, y) => x! + y!, ab, c) : ab];
    }
    case 'Softmax':
      return [softmax(a)];
    case 'LayerNormalization':
      return layerNorm(a, b, c, (attribute('epsilon') as { float: number }).float);
  }
  throw new Error(`The interpreter does not know ${node.operator}.`);
}

function reduce(operator: string, a: Value, axes: number[], keep: boolean): Value {
  const kept = a.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const data = new Float64Array(product(kept)).fill(operator === 'ReduceMax' ? -Infinity : 0);
  const steps = strides(kept);
  for (const place of places(a.shape)) {
    const to = place.reduce((sum, index, k) => sum + (axes.includes(k) ? 0 : index * steps[k]!), 0);
    if (operator === 'ReduceMax') data[to] = Math.max(data[to]!, at(a, place));
    else data[to]! += at(a, place);
  }
  if (operator === 'ReduceMean')
    data.forEach((total, i) => (data[i] = (total * data.length) / a.data.length));
  return { shape: keep ? kept : a.shape.filter((_, i) => !axes.includes(i)), data };
}

function reshape(a: Value, target: number[]): Value {
  const copied = target.map((dim, i) => (dim === 0 ? a.shape[i]! : dim));
  const known = copied.filter(dim => dim !== -1);
  return { shape: copied.map(dim => (dim === -1 ? a.data.length / product(known) : dim)), data: a.data };
}

function transpose(a: Value, order: number[]): Value {
  const shape = order.map(axis => a.shape[axis]!);
  const steps = strides(a.shape);
  const source = (place: number[]): number =>
    place.reduce((sum, index, k) => sum + index * steps[order[k]!]!, 0);
  return { shape, data: Float64Array.from([...places(shape)].map(place => a.data[source(place)]!)) };
}

function concat(parts: Value[], axis: number): Value {
  const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  const shape = parts[0]!.shape.map((dim, i) => (i === axis ? total : dim));
  const data = [...places(shape)].map(place => {
    let rest = place[axis]!;
    const part = parts.find(({ shape: own }) => rest < own[axis]! || ((rest -= own[axis]!), false))!;
    return at(part, replaced(place, axis, rest));
  });
  return { shape, data: Float64Array.from(data) };
}

function split(a: Value, sizes: number[], axis: number): Value[] {
  let from = 0;
  return sizes.map(size => {
    const begin = from;
    from += size;
    const shape = a.shape.map((dim, i) => (i === axis ? size : dim));
    const data = [...places(shape)].map(place => at(a, replaced(place, axis, place[axis]! + begin)));
    return { shape, data: Float64Array.from(data) };
  });
}

function gather(a: Value, indices: Value, axis: number): Value {
  const shape = [...a.shape.slice(0, axis), ...indices.shape, ...a.shape.slice(axis + 1)];
  const rank = indices.shape.length;
  const data = [...places(shape)].map(place => {
    const index = at(indices, place.slice(axis, axis + rank));
    return at(a, [...place.slice(0, axis), index, ...place.slice(axis + rank)]);
  });
  return { shape, data: Float64Array.from(data) };
}

function matmul(a: Value, b: Value): Value {
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1)!;
  const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  const data = [...places(shape)].map(place => {
    const [lead, i, j] = [place.slice(0, -2), place.at(-2)!, place.at(-1)!];
    let total = 0;
    for (let k = 0; k < inner; k++) {
      const left = [...lead.slice(lead.length - a.shape.length + 2), i, k];
      const right = [...lead.slice(lead.length - b.shape.length + 2), k, j];
      total += at(a, left) * at(b, right);
    }
    return total;
  });
  return { shape, data: Float64Array.from(data) };
}

function lastAxis(a: Value, f: (row: Float64Array) => Float64Array): Value {
  const width = a.shape.at(-1)!;
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < data.length; i += width) data.set(f(a.data.subarray(i, i + width)), i);
  return { shape: a.shape, data };
}

function softmax(a: Value): Value {
  return lastAxis(a, row => {
    const largest = Math.max(...row);
    const powers = row.map(x => Math.exp(x - largest));
    const total = powers.reduce((sum, x) => sum + x, 0);
    return powers.map(x => x / total);
  });
}

/** The normalised rows, their means, and one over their standard deviations. */
function layerNorm(a: Value, gain: Value, bias: Value, epsilon: number): Value[] {
  const mean = reduce('ReduceMean', a, [a.shape.length - 1], true);
  const centred = zip((x, m) => x! - m!, a, mean);
  const variance = reduce(
    'ReduceMean',
    zip(x => x! * x!, centred),
    [a.shape.length - 1],
    true
  );
  const inverse = zip(v => 1 / Math.sqrt(v! + epsilon), variance);
  return [zip((x, s, g, b) => x! * s! * g! + b!, centred, inverse, gain, bias), mean, inverse];
}

function replaced(place: readonly number[], axis: number, index: number): number[] {
  return place.map((own, i) => (i === axis ? index : own));
}
