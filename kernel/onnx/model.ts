/**
 * A finished graph as the bytes of an ONNX file (operator set 20, IR version 9). Nodes that no output needs
 * are left out, so that a gradient nobody asked for costs nothing.
 */
import type { Attribute, DataType, Graph, Initializer, Node, Tensor } from './graph.js';
import { ProtobufWriter } from './protobuf.js';

const IR_VERSION = 9;
const OPERATOR_SET = 20;
const TYPE_CODE: Record<DataType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
/** AttributeProto.type */
const FLOAT = 1;
const INT = 2;
const STRING = 3;
const INTS = 7;
/** TensorProto.data_location */
const EXTERNAL = 1;

/**
 * The model file's bytes. Weights with external data are only pointed to: give the session the folder that
 * holds their file.
 */
export function encodeModel(graph: Graph, name = 'hysim'): Uint8Array {
  const { nodes, initializers } = neededParts(graph);
  const domains = new Set(nodes.map(node => node.domain).filter(domain => domain !== ''));
  const writer = new ProtobufWriter();
  writer.integer(1, IR_VERSION);
  writer.text(2, 'hysim-lab');
  writer.message(7, inner => {
    for (const node of nodes) inner.message(1, field => writeNode(field, node));
    inner.text(2, name);
    for (const initializer of initializers) inner.message(5, field => writeInitializer(field, initializer));
    for (const input of graph.inputs) inner.message(11, field => writeValue(field, input));
    for (const output of graph.outputs) inner.message(12, field => writeValue(field, output));
  });
  writer.message(8, field => writeOperatorSet(field, '', OPERATOR_SET));
  for (const domain of domains) writer.message(8, field => writeOperatorSet(field, domain, 1));
  return writer.finish();
}

/** What the outputs depend on, in the order of making. */
export function neededParts(graph: Graph): { nodes: Node[]; initializers: Initializer[] } {
  const needed = new Set(graph.outputs.map(output => output.name));
  const nodes = graph.nodes
    .slice()
    .reverse()
    .filter(node => {
      if (!node.outputs.some(output => needed.has(output))) return false;
      for (const input of node.inputs) needed.add(input);
      return true;
    })
    .reverse();
  return { nodes, initializers: graph.initializers.filter(({ name }) => needed.has(name)) };
}

function writeOperatorSet(writer: ProtobufWriter, domain: string, version: number): void {
  writer.text(1, domain);
  writer.integer(2, version);
}

function writeNode(writer: ProtobufWriter, node: Node): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, node.outputs[0]!);
  writer.text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, field => writeAttribute(field, name, value));
  }
  if (node.domain !== '') writer.text(7, node.domain);
}

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.text(1, name);
  if (typeof value === 'number') {
    writer.integer(3, value);
    writer.integer(20, INT);
  } else if (typeof value === 'string') {
    writer.text(4, value);
    writer.integer(20, STRING);
  } else if ('float' in value) {
    writer.float(2, value.float);
    writer.integer(20, FLOAT);
  } else {
    for (const item of value) writer.integer(8, item);
    writer.integer(20, INTS);
  }
}

function writeInitializer(writer: ProtobufWriter, { name, dtype, shape, data }: Initializer): void {
  for (const dim of shape) writer.integer(1, dim);
  writer.integer(2, TYPE_CODE[dtype]);
  writer.text(8, name);
  if (data instanceof Uint8Array) {
    writer.bytes(9, data);
    return;
  }
  for (const [key, value] of Object.entries(data)) {
    writer.message(13, entry => {
      entry.text(1, key);
      entry.text(2, String(value));
    });
  }
  writer.integer(14, EXTERNAL);
}

function writeValue(writer: ProtobufWriter, value: Tensor): void {
  writer.text(1, value.name);
  writer.message(2, type =>
    type.message(1, tensor => {
      tensor.integer(1, TYPE_CODE[value.dtype]);
      tensor.message(2, shape => {
        for (const dim of value.shape) {
          shape.message(1, field => (typeof dim === 'number' ? field.integer(1, dim) : field.text(2, dim)));
        }
      });
    })
  );
}
