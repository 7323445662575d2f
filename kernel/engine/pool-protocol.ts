/** Messages between a pool and its worker threads. */
import type { PlainError } from './protocol.js';

export type ToWorker =
  | { kind: 'open'; part: string; input: unknown }
  | { kind: 'step'; index: number; item: unknown }
  | { kind: 'finish' }
  /** Close what is open and exit. */
  | { kind: 'end' };

export type FromWorker =
  | { kind: 'opened' }
  | { kind: 'result'; index: number; result: unknown }
  | { kind: 'finished'; rest: unknown }
  | { kind: 'failed'; error: PlainError };
