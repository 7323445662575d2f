/**
 * What a stage may ask of the program that it runs in. The Jupyter kernel installs a host under
 * `globalThis[HOST]`; a plain Node script has none, and a stage then works without.
 */
import type { CellPlanner, ValueLooker } from './dataflow/wire.js';
import type { ViewAnswerer } from './live.js';
import type { ValueKind } from './stage.js';
import type { ViewPayload } from './views/payload.js';

export const HOST: unique symbol = Symbol.for('hysim.host') as never;

/** Where a bundle keeps Jupyter's metadata by mime type, e.g. a picture's width in CSS pixels. */
export const METADATA: unique symbol = Symbol.for('Jupyter.metadata') as never;

/** Mime type -> content, as in Jupyter's display_data. */
export type MimeBundle = Record<string, unknown> & { [METADATA]?: Record<string, unknown> };

/** The method by which a value displays itself richly: Deno's convention, so other libraries' values do too. */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display') as never;

/** The method by which a value says in short what it is, for graphs of cells. */
export const SUMMARY: unique symbol = Symbol.for('hysim.summary') as never;

/** A value that says in short what it is. */
export interface Summarized {
  [SUMMARY](): {
    /** Content hash. */
    readonly id: string;
    readonly kind: ValueKind;
    readonly summary: string;
    /** It came from the cache. */
    readonly cached?: boolean;
  };
}

/** One report about a running job. `fraction` is in [0, 1], or absent while unknown. */
export interface JobEvent {
  /** What the running stage has to show so far, e.g. a training's curves; absent where nothing has changed. */
  view?: ViewPayload;
  /** Whether the job can be asked to end now with the best that it has (`finish` in common/live.ts). */
  finishable?: boolean;
  job: string;
  stage: string;
  /** Not called `state`: runners of notebooks take a comm's `state` for that of an ipywidget. */
  status: 'running' | 'done' | 'failed' | 'cancelled';
  fraction?: number;
  message?: string;
  /** Seconds since the job began. */
  elapsed: number;
}

export interface Host {
  /** Tells whoever watches (the front end, over a comm) how a job goes. */
  job(event: JobEvent): void;
  /** Calls `listener` when the person interrupts; returns the function that takes the listener off again. */
  onInterrupt(listener: () => void): () => void;
  /** Shows a bundle in the running cell's output; with `id`, replaces what was shown under it. */
  display(bundle: MimeBundle, id?: string): void;
  /** Takes whatever answers the views of the front end (common/live.ts); the last one taken answers. */
  answerViews(answer: ViewAnswerer): void;
  /** Takes who says what the cache has for a notebook's cells, and who draws small pictures of values. */
  followCells(planner: CellPlanner, looker: ValueLooker): void;
}

export function currentHost(): Host | undefined {
  return (globalThis as unknown as Record<symbol, Host | undefined>)[HOST];
}
