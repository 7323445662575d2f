/**
 * Values on disk, named by what they hold: a JSON record, and a safetensors file where there are arrays of numbers.
 * The record's name is the hash of its bytes, and it tells the hash of the tensors, so that a value that was cut short,
 * changed or mixed up is found whenever it is read. Two programs that write the same value write the same bytes.
 */
import { readFile, stat } from 'node:fs/promises';
import { writeWhole } from '../atomic.js';
import { hashOf, isHash, type Layout } from './layout.js';
import type { Packed } from './plain.js';
import { tensorFile, tensorsIn, type Tensor } from './tensors.js';

/** What is kept is not what was written, or is not all there. */
export class Damaged extends Error {}

export interface ValueRecord {
  readonly kind: string;
  /** The value's own id. */
  readonly id: string;
  readonly content: Packed['json'];
  /** Hash and bytes of the tensors' file; absent where there are none. */
  readonly tensors?: { readonly hash: string; readonly bytes: number };
}

/** A value's files, without what is in them. */
export interface Described {
  readonly digest: string;
  /** Bytes of the record. */
  readonly length: number;
  readonly tensors?: { readonly hash: string; readonly bytes: number };
}

/** A value as it would be on disk. */
export interface Prepared extends Described {
  readonly record: Uint8Array;
  /** The tensors' file, in pieces. */
  readonly pieces: readonly Uint8Array[];
}

export function prepare(kind: string, id: string, { json, tensors: arrays }: Packed): Prepared {
  const pieces = arrays.length > 0 ? tensorFile(arrays) : [];
  const bytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const tensors = arrays.length > 0 ? { hash: hashOf(pieces), bytes } : undefined;
  const whole: ValueRecord = { kind, id, content: json, ...(tensors ? { tensors } : {}) };
  const record = Buffer.from(JSON.stringify(whole));
  return { digest: hashOf([record]), length: record.byteLength, record, tensors, pieces };
}

/** Whether there is a file of this length. What is in it is checked when it is read. */
async function isThere(path: string, bytes: number): Promise<boolean> {
  return stat(path).then(
    info => info.size === bytes,
    () => false
  );
}

/**
 * Writes what is not there yet; the record comes last. @param prepared asked for only if something is to be written
 * @param anew also over what is there, which may be damaged
 * @returns bytes written
 */
export async function writeValue(
  layout: Layout,
  { digest, length, tensors }: Described,
  prepared: () => Prepared,
  anew = false
): Promise<number> {
  const [record, numbers] = [layout.record(digest), tensors && layout.tensor(tensors.hash)];
  const due = {
    record: anew || !(await isThere(record, length)),
    numbers: numbers !== undefined && (anew || !(await isThere(numbers, tensors!.bytes)))
  };
  if (!due.record && !due.numbers) return 0;
  const whole = prepared();
  if (due.numbers) await writeWhole(numbers!, Buffer.concat(whole.pieces));
  if (due.record) await writeWhole(record, whole.record);
  return (due.numbers ? tensors!.bytes : 0) + (due.record ? length : 0);
}

async function readBytes(path: string, hash: string, what: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Damaged(code === 'ENOENT' ? `${what} is missing` : `${what} cannot be read (${code})`);
  }
  if (hashOf([bytes]) !== hash) throw new Damaged(`${what} is not what was written`);
  return bytes;
}

export interface ReadValue {
  readonly kind: string;
  readonly id: string;
  readonly packed: Packed;
  readonly files: Described;
}

/** @throws Damaged */
export async function readValue(layout: Layout, digest: string): Promise<ReadValue> {
  if (!isHash(digest)) throw new Damaged('the name of a value is no hash');
  const bytes = await readBytes(layout.record(digest), digest, `the value ${digest}`);
  const record = JSON.parse(new TextDecoder().decode(bytes)) as ValueRecord;
  let tensors: Tensor[] = [];
  if (record.tensors) {
    const { hash } = record.tensors;
    if (!isHash(hash)) throw new Damaged('the name of a file of tensors is no hash');
    tensors = tensorsIn(
      await readBytes(layout.tensor(hash), hash, `the file of tensors of the value ${digest}`)
    );
  }
  return {
    kind: record.kind,
    id: record.id,
    packed: { json: record.content, tensors },
    files: { digest, length: bytes.byteLength, tensors: record.tensors }
  };
}
