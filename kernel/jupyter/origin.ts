/**
 * Which request caused the code that runs now, also long after its cell has ended: a timer, a promise that
 * nobody awaited, a listener. Output and errors go to that cell. It sends nothing itself.
 */
import { createContext } from './context.js';
import type { Request } from './port.js';
import type { Header } from './wire.js';

export interface Origin {
  readonly header: Header;
  /** Tells one cell of the notebook from another, over several runs. */
  readonly cell: string;
  /** Characters that it has printed so far, and how many of them were left out. */
  printed: number;
  omitted: number;
}

const context = createContext<Origin>();

export function originOf(request: Request): Origin {
  const { cellId } = request.metadata;
  const cell = typeof cellId === 'string' ? cellId : String(request.content.code);
  return { header: request.header, cell, printed: 0, omitted: 0 };
}

export const currentOrigin = (): Origin | undefined => context.get();

/** Of a promise that was rejected: who made it. */
export const originOfPromise = (promise: object): Origin | undefined => context.ofPromise(promise);

/** Runs `work`, and whatever it starts, on behalf of `origin`; undefined for the kernel itself. */
export function onBehalfOf<T>(origin: Origin | undefined, work: () => T): T {
  return context.run(origin, work);
}

/** The kernel itself begins to work: nothing of a cell is running. */
export const onOwnBehalf = (): void => context.reset();
