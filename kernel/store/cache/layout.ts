/** Where things lie in a cache's folder, and the hashes that name them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Part of every key: folders of another layout are not mistaken for this one. */
export const FORMAT = 1;

const HASH = /^[0-9a-f]{32}$/;

/** Names come from files, and a path is made of them: nothing but a hash may pass. */
export function isHash(name: unknown): name is string {
  return typeof name === 'string' && HASH.test(name);
}

export function hashOf(pieces: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex').slice(0, 32);
}

export interface Layout {
  readonly folder: string;
  /** What a call gave, by the call's key. */
  readonly entries: string;
  entry(key: string): string;
  /** What a value is made of, by the hash of the record: it names the tensors by theirs. */
  readonly values: string;
  record(digest: string): string;
  readonly tensors: string;
  tensor(hash: string): string;
  /** What running programs hold. */
  readonly leases: string;
  /** What is never removed. */
  readonly pins: string;
}

export function layoutOf(folder: string): Layout {
  const [entries, values, tensors] = ['entries', 'values', 'tensors'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ];
  return {
    folder,
    entries,
    entry: key => join(entries, `${key}.json`),
    values,
    record: digest => join(values, `${digest}.json`),
    tensors,
    tensor: hash => join(tensors, `${hash}.safetensors`),
    leases: join(folder, 'leases'),
    pins: join(folder, 'pins')
  };
}
