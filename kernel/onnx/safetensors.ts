/**
 * Reads and writes safetensors files: an 8-byte length, a JSON header, then the numbers. Reading gives the
 * header and where each tensor lies, so that a model can point into the file; the numbers are read on demand.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { ModelError } from '../../common/errors.js';

/** Bytes of one number; the types of the safetensors format that have whole bytes. */
const BYTES: Record<string, number> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8
};
/** The reference implementation refuses longer headers. */
const LONGEST_HEADER = 100_000_000;

export interface SafetensorsEntry {
  dtype: string;
  shape: readonly number[];
  /** Bytes from the beginning of the file. */
  offset: number;
  length: number;
}

export interface SafetensorsFile {
  path: string;
  tensors: ReadonlyMap<string, SafetensorsEntry>;
  metadata: Readonly<Record<string, string>>;
}

/** Reads and checks the header. Throws ModelError that says what of the file is wrong. */
export function openSafetensors(path: string): SafetensorsFile {
  const wrong = (what: string): ModelError =>
    new ModelError(
      path,
      `${path} is not a whole safetensors file: ${what}. Fetch or install the model again.`
    );
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw new ModelError(
      path,
      `${path} cannot be read (${(error as Error).message}). Check the model's folder.`
    );
  }
  try {
    const size = statSync(path).size;
    if (size < 8) throw wrong(`it has ${size} bytes, no header`);
    const lead = Buffer.alloc(8);
    readSync(descriptor, lead, 0, 8, 0);
    const headerLength = Number(lead.readBigUInt64LE());
    if (headerLength > LONGEST_HEADER || 8 + headerLength > size) {
      throw wrong(`its header claims ${headerLength} bytes and the file has ${size}`);
    }
    const header = Buffer.alloc(headerLength);
    readSync(descriptor, header, 0, headerLength, 8);
    return { path, ...checkHeader(header.toString('utf8'), 8 + headerLength, size, wrong) };
  } finally {
    closeSync(descriptor);
  }
}

function checkHeader(
  text: string,
  start: number,
  size: number,
  wrong: (what: string) => ModelError
): Omit<SafetensorsFile, 'path'> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw wrong('its header is not JSON');
  }
  const tensors = new Map<string, SafetensorsEntry>();
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(record(header))) {
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(record(value))) metadata[key] = String(text);
      continue;
    }
    const { dtype, shape, data_offsets: range } = record(value);
    const width = typeof dtype === 'string' ? BYTES[dtype] : undefined;
    if (width === undefined) throw wrong(`tensor ${name} has the unknown type ${String(dtype)}`);
    if (!isCounts(shape) || !isCounts(range) || range.length !== 2)
      throw wrong(`tensor ${name} has no shape or range`);
    const [from, to] = range as [number, number];
    const length = shape.reduce((product, dim) => product * dim, width);
    if (to - from !== length)
      throw wrong(`tensor ${name} has ${to - from} bytes where its shape needs ${length}`);
    if (start + to > size)
      throw wrong(`tensor ${name} ends at byte ${start + to} of ${size}; the file was cut short`);
    tensors.set(name, { dtype: dtype as string, shape, offset: start + from, length });
  }
  return { tensors, metadata };
}

/** The value if it is an object, else an empty one, whose lack of fields is then reported. */
function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && (item as number) >= 0);
}

/** The entry of a tensor of type F32 and the given shape. ModelError when it is absent or otherwise. */
export function float32Entry(
  file: SafetensorsFile,
  name: string,
  shape: readonly number[]
): SafetensorsEntry {
  const entry = file.tensors.get(name);
  if (!entry)
    throw new ModelError(file.path, `${file.path} has no tensor ${name}; it is a model of another kind.`);
  if (entry.dtype !== 'F32' || entry.shape.join() !== shape.join()) {
    throw new ModelError(
      file.path,
      `${file.path}: tensor ${name} is ${entry.dtype} [${entry.shape.join(', ')}] where config.json asks for ` +
        `F32 [${shape.join(', ')}].`
    );
  }
  return entry;
}

/** The numbers of an F32 tensor. */
export function readFloat32(file: SafetensorsFile, name: string): Float32Array {
  const entry = file.tensors.get(name);
  const { shape } = float32Entry(file, name, entry?.shape ?? []);
  const values = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
  const descriptor = openSync(file.path, 'r');
  try {
    readSync(descriptor, new Uint8Array(values.buffer), 0, entry!.length, entry!.offset);
  } finally {
    closeSync(descriptor);
  }
  return values;
}

/**
 * Writes F32 tensors to `path`, whole or not at all: under a temporary name beside it, then renamed. Tensors
 * keep their order; the header is padded so that numbers begin at a multiple of 8 bytes.
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>,
  metadata: Readonly<Record<string, string>> = {}
): void {
  const header: Record<string, unknown> = Object.keys(metadata).length ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    if (shape.reduce((product, dim) => product * dim, 1) !== data.length) {
      throw new ModelError(
        path,
        `Tensor ${name}: shape [${shape.join(', ')}] does not hold ${data.length} numbers.`
      );
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(padded.length));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      for (const part of [lead, padded]) writeAll(descriptor, part);
      for (const { data } of tensors.values()) {
        writeAll(descriptor, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
