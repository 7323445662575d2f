/** What tests ask again and again of numbers and of drawn data. */
import type { Simulation } from '../../../kernel/theory/index.js';

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** 0 ... n - 1. */
export function serial(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The numbers of the rows of one side. */
export function rowsOfSide(data: Simulation, side: 'source' | 'target'): Int32Array {
  const code = side === 'target' ? 1 : 0;
  return Int32Array.from(data.domain.keys()).filter(i => data.domain[i] === code);
}
