/** How numbers are written in pictures and in their text: short, with a true minus sign. */
import { format } from 'd3-format';

const integer = format(',d');
const three = format('.3f');
const short = format('.3~r');
const large = format(',.0f');
const scientific = format('.2~e');

/** For reading: `0.72`, `1,037`, `2.5e-6`; `n/a` where there is none. */
export function brief(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'n/a';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return scientific(value);
  if (Number.isInteger(value)) return integer(value);
  return size >= 1000 ? large(value) : short(value);
}

/** For columns that are compared: three decimals. */
export function fixed(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'n/a';
  const size = Math.abs(value);
  return size !== 0 && (size < 0.0005 || size >= 1e5) ? scientific(value) : three(value);
}

/** As `fixed`, with the sign of a change. */
export function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${fixed(value)}` : fixed(value);
}

export function count(value: number): string {
  return integer(value);
}

export function percent(share: number): string {
  return `${format('.2~r')(share * 100)} %`;
}

/** `1 paper`, `28 papers`. */
export function plural(n: number, unit: string): string {
  return `${integer(n)} ${n === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** A factor that weights may be wrong by, as it is set: two decimals, more only where it has more. */
export function factor(gamma: number): string {
  const text = gamma.toFixed(2);
  return Math.abs(Number(text) - gamma) < 1e-9 ? text : brief(Number(gamma.toPrecision(4)));
}
