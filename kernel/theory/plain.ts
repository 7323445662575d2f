/**
 * Fitted objects of this layer (Pca, Manifold, Ratio) as JSON and back, bit for bit: typed arrays become base64 of
 * their little-endian bytes. For what travels between processes structured clone does as well.
 */

// Browsers, workers and Node have these; this layer has neither side's types.
declare function atob(text: string): string;
declare function btoa(bytes: string): string;

const TYPES = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;
type TypedArray = InstanceType<(typeof TYPES)[keyof typeof TYPES]>;

/** JSON text of plain data with typed arrays in it. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) => {
    for (const [name, type] of Object.entries(TYPES))
      if (entry instanceof type) return { $array: name, data: encode(entry) };
    if (typeof entry === 'number' && !Number.isFinite(entry)) return { $number: String(entry) };
    return entry;
  });
}

/** What `toJson` wrote. @throws SyntaxError on anything else. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_, entry: unknown) => {
    const tagged = entry as { $array?: string; data?: string; $number?: string } | null;
    if (typeof tagged?.$number === 'string') return Number(tagged.$number);
    if (typeof tagged?.$array !== 'string' || typeof tagged.data !== 'string') return entry;
    if (!Object.hasOwn(TYPES, tagged.$array)) throw new SyntaxError(`unknown array type ${tagged.$array}`);
    return decode(tagged.$array as keyof typeof TYPES, tagged.data);
  }) as T;
}

function encode(array: TypedArray): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x2000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(text);
}

function decode(name: keyof typeof TYPES, data: string): TypedArray {
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  return new TYPES[name](bytes.buffer);
}
