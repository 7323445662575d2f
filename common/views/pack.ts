/** Numbers and categories in and out of a payload's base64. Works alike in a browser and in Node. */
import type { Codes, Packed } from './payload.js';

// Both sides have these; common/ knows neither the DOM's types nor Node's.
declare function atob(text: string): string;
declare function btoa(bytes: string): string;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  // In slices: String.fromCharCode spreads its arguments on the stack.
  for (let i = 0; i < bytes.length; i += 0x2000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** Columns that came as bytes and not as base64: nothing of them is in `data`. */
const held = new WeakMap<Packed | Codes, Float32Array | Uint8Array>();

/** Whether the column is in memory already, whatever its `data` says. */
export function isHeld(packed: Packed | Codes): boolean {
  return held.has(packed);
}

/** The column with these numbers; nothing is copied. */
export function heldNumbers<P extends Packed | Codes>(packed: P, values: Float32Array): P {
  const column = { ...packed, length: values.length, data: '' };
  held.set(column, values);
  return column;
}

/** The column with these codes; nothing is copied. */
export function heldCodes<P extends Packed | Codes>(packed: P, values: Uint8Array): P {
  const column = { ...packed, length: values.length, data: '' };
  held.set(column, values);
  return column;
}

/** The column as bytes: float32 little-endian (as every machine that we run on has them), or one code a byte. */
export function bytesOf(packed: Packed | Codes): Uint8Array {
  const values = packed.type === 'codes' ? unpackCodes(packed) : unpackNumbers(packed);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function packNumbers(values: ArrayLike<number>): Packed {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
  return { type: 'float32', length: values.length, data: toBase64(new Uint8Array(view.buffer)) };
}

/** @throws RangeError when the bytes are not `length` numbers. */
export function unpackNumbers(packed: Packed): Float32Array {
  const known = held.get(packed);
  if (known) return known as Float32Array;
  const bytes = fromBase64(packed.data);
  if (bytes.length !== packed.length * 4)
    throw new RangeError(`packed numbers: ${bytes.length} bytes for ${packed.length} numbers`);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: packed.length }, (_, i) => view.getFloat32(i * 4, true));
}

// What is drawn many times a second is unpacked once.
const opened = new WeakMap<Packed | Codes, Float32Array | Uint8Array>();

/** As `unpackNumbers`, the same array each time: not to be written to. */
export function numbersOf(packed: Packed): Float32Array {
  let found = opened.get(packed);
  if (!found) opened.set(packed, (found = unpackNumbers(packed)));
  return found as Float32Array;
}

/** As `unpackCodes`, the same array each time: not to be written to. */
export function codesOf(packed: Codes): Uint8Array {
  let found = opened.get(packed);
  if (!found) opened.set(packed, (found = unpackCodes(packed)));
  return found as Uint8Array;
}

/** Keeps the 254 most frequent categories, in order of first appearance, and names the rest "other". */
export function packCategories(values: readonly string[]): Codes {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let categories = [...counts.keys()];
  if (categories.length > 255) {
    const kept = new Set(
      [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 254)
        .map(([name]) => name)
    );
    categories = [...categories.filter(name => kept.has(name)), 'other'];
  }
  const index = new Map(categories.map((name, i) => [name, i]));
  const bytes = Uint8Array.from(values, value => index.get(value) ?? categories.length - 1);
  return { type: 'codes', length: values.length, categories, data: toBase64(bytes) };
}

/** @throws RangeError when the bytes do not fit the length or the categories. */
export function unpackCodes(codes: Codes): Uint8Array {
  const bytes = (held.get(codes) as Uint8Array | undefined) ?? fromBase64(codes.data);
  if (bytes.length !== codes.length)
    throw new RangeError(`packed codes: ${bytes.length} bytes for ${codes.length} rows`);
  if (bytes.some(code => code >= codes.categories.length))
    throw new RangeError('packed codes: a code without its category');
  return bytes;
}
