/**
 * Messages between the program and its engine process, and errors as plain data. Both sides share this file;
 * it starts nothing.
 */
import * as errors from '../../common/errors.js';

/** From the program to the engine. */
export type Request =
  | { kind: 'run'; id: number; task: string; input: unknown }
  | { kind: 'cancel'; id: number }
  /** The job is to end now with the best that it has. */
  | { kind: 'finish'; id: number };

/** Cells of the memory that both threads of the engine share: each holds the id of the job that it is about. */
export const CELL = { cancel: 0, finish: 1 } as const;

/** From the engine to the program. */
export type Reply =
  | { kind: 'progress'; id: number; fraction: number; message: string; partial?: unknown }
  | { kind: 'done'; id: number; output: unknown }
  | { kind: 'failed'; id: number; error: PlainError };

export interface PlainError {
  name: string;
  message: string;
  stack?: string;
  /** Further fields of the error: path, place, parameter, ... */
  fields: Record<string, unknown>;
}

/** An error as data that survives the way between processes. */
export function flattenError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} };
  const { name, message, stack, ...fields } = error as Error & Record<string, unknown>;
  return { name, message: error.message || message, stack: error.stack ?? stack, fields };
}

/** The error again, of its class in common/errors.ts where it has one. */
export function reviveError({ name, message, stack, fields }: PlainError): Error {
  const known = (errors as unknown as Record<string, { prototype: Error } | undefined>)[name];
  // Not the class's own constructor: its arguments differ from class to class, its fields are all here.
  const error = Reflect.construct(Error, [message], (known ?? Error) as unknown as typeof Error) as Error;
  Object.assign(error, fields);
  error.name = name;
  if (stack) error.stack = stack;
  return error;
}
