/** How large a cache may grow: HYSIM_CACHE_LIMIT, a number of bytes or one with a unit, e.g. "500 MB"; 4 GB without. */
const DEFAULT = 4e9;

const UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 }
};

/** Bytes, or undefined for what is no size. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = match && UNITS[match[2]!.toLowerCase()];
  return unit ? Math.round(Number(match[1]) * unit) : undefined;
}

/** @throws Error when the variable holds no size */
export function limitOf(env: Readonly<Record<string, string | undefined>>): number {
  const given = env['HYSIM_CACHE_LIMIT'];
  if (given === undefined || given.trim() === '') return DEFAULT;
  const bytes = parseBytes(given);
  if (bytes === undefined)
    throw new Error(`HYSIM_CACHE_LIMIT is "${given}": give a number of bytes, or e.g. "500 MB" or "4 GB".`);
  return bytes;
}
