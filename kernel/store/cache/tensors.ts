/**
 * Typed arrays as one safetensors file in memory, and back. The file is read whole and is known by its hash before it
 * is taken apart, so this checks shapes and not people's mistakes: a model's file is read by kernel/onnx.
 */

export type Tensor =
  Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

interface Kind {
  dtype: string;
  of: new (buffer: ArrayBuffer) => Tensor;
  width: number;
}

/** Widest first: in this order every tensor of a file begins at a multiple of its width. */
const KINDS: readonly Kind[] = [
  { dtype: 'F64', of: Float64Array, width: 8 },
  { dtype: 'F32', of: Float32Array, width: 4 },
  { dtype: 'I32', of: Int32Array, width: 4 },
  { dtype: 'U32', of: Uint32Array, width: 4 },
  { dtype: 'I16', of: Int16Array, width: 2 },
  { dtype: 'U16', of: Uint16Array, width: 2 },
  { dtype: 'I8', of: Int8Array, width: 1 },
  { dtype: 'U8', of: Uint8Array, width: 1 }
];

const kindOf = (value: unknown): Kind | undefined =>
  KINDS.find(({ of }) => (value as object | null)?.constructor === of);

/** Whether it is one of the arrays that are kept as tensors; Buffers and arrays of 64-bit integers are not. */
export function isTensor(value: unknown): value is Tensor {
  return kindOf(value) !== undefined;
}

/** The pieces of a safetensors file, in order. Tensors are named by their place: "0", "1", ... */
export function tensorFile(tensors: readonly Tensor[]): Uint8Array[] {
  const entries = tensors.map((tensor, i) => ({ name: String(i), tensor, kind: kindOf(tensor)! }));
  entries.sort((a, b) => b.kind.width - a.kind.width || Number(a.name) - Number(b.name));
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const { name, tensor, kind } of entries) {
    header[`t${name}`] = {
      dtype: kind.dtype,
      shape: [tensor.length],
      data_offsets: [offset, offset + tensor.byteLength]
    };
    offset += tensor.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - (json.length % 8)) % 8, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return [
    ...[length, json, padding],
    ...entries.map(({ tensor }) => new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength))
  ];
}

/** The tensors of such a file, each in memory of its own. @throws Error when it is none */
export function tensorsIn(file: Uint8Array): Tensor[] {
  const start = 8 + Number(Buffer.from(file.buffer, file.byteOffset, 8).readBigUInt64LE());
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start))) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  return Object.keys(header).map((_, i) => {
    const { dtype, data_offsets } = header[`t${i}`]!;
    const [from, to] = data_offsets;
    const { of } = KINDS.find(kind => kind.dtype === dtype)!;
    // A copy: a view would keep the whole file in memory, and its buffer would be larger than itself.
    const at = file.byteOffset + start;
    return new of(file.buffer.slice(at + from, at + to) as ArrayBuffer);
  });
}
