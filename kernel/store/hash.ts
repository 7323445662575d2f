/**
 * Content hashes: the identity of a value is what it holds, never when or where it was made. Each part is
 * framed by its name, kind and length, so that different contents cannot run together into one hash.
 */
import { createHash } from 'node:crypto';

export type Hashable =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Hashable[]
  | { readonly [key: string]: Hashable }
  | Uint8Array
  | Float32Array
  | Float64Array;

/** SHA-256 over the named parts, as 32 hexadecimal digits. Key order does not matter. */
export function contentHash(parts: { readonly [key: string]: Hashable }): string {
  const hash = createHash('sha256');
  const add = (value: Hashable): void => {
    if (ArrayBuffer.isView(value)) {
      hash.update(`${value.constructor.name}:${value.byteLength}:`);
      hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (Array.isArray(value)) {
      hash.update(`list:${value.length}:`);
      for (const item of value as readonly Hashable[]) add(item);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      entries.sort(([a], [b]) => (a < b ? -1 : 1));
      hash.update(`record:${entries.length}:`);
      for (const [key, item] of entries) {
        add(key);
        add(item as Hashable);
      }
    } else {
      const text = typeof value === 'string' ? value : String(value);
      hash.update(`${typeof value}:${Buffer.byteLength(text)}:${text}`);
    }
  };
  add(parts);
  return hash.digest('hex').slice(0, 32);
}
