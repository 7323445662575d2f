/**
 * Which request caused the code that runs now, also long after its cell has ended: a timer, a promise that
 * nobody awaited, a listener. Output and errors go to that cell. Built on Node's asynchronous context; it sends
 * nothing itself.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
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

const storage = new AsyncLocalStorage<Origin | undefined>();
let following = false;
const NOBODY = {} as Origin;

/**
 * Node aborts the process when its stack of asynchronous calls is uneven, as it is after a loop was ended from
 * outside. The flag `--no-force-async-hooks-checks` turns that check off, but following contexts turns it on
 * again (up to Node 23). The stack is not needed: each cell and each callback sets its own context.
 */
function allowUnevenStack(): void {
  type Binding = { async_hook_fields: Uint32Array; constants: { kCheck: number } };
  const { binding } = process as unknown as { binding(name: string): Binding };
  const { async_hook_fields: fields, constants } = binding('async_wrap');
  fields[constants.kCheck] = 0;
}

/** Begins to follow contexts; where that is not safe, everything counts as the last cell's. */
export function followOrigins(): void {
  try {
    // Contexts are only followed from the first store on.
    storage.run(NOBODY, () => undefined);
    if (Number(process.versions.node.split('.')[0]) < 24) allowUnevenStack();
    following = true;
  } catch {
    storage.disable();
  }
}

export function originOf(request: Request): Origin {
  const { cellId } = request.metadata;
  const cell = typeof cellId === 'string' ? cellId : String(request.content.code);
  return { header: request.header, cell, printed: 0, omitted: 0 };
}

export const currentOrigin = (): Origin | undefined => storage.getStore();

/** Runs `work`, and whatever it starts, on behalf of `origin`; undefined for the kernel itself. */
export function onBehalfOf<T>(origin: Origin | undefined, work: () => T): T {
  return following ? storage.run(origin, work) : work();
}
