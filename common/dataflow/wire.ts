/**
 * What a page asks the kernel about the dataflow, and what it is told. One comm a page, opened by the front end to
 * DATAFLOW_TARGET; requests carry an id that their answer repeats; the kernel also tells of each run as it ends, to
 * whoever has a comm open. Data only: nothing here sends anything.
 */
import type { ViewPayload } from '../views/payload.js';
import type { CellText, RunRecord } from './types.js';

/** Comm target that the kernel registers when it starts. */
export const DATAFLOW_TARGET = 'hysim.dataflow';

/** Cells whose results one question may ask for. */
export const MOST_CELLS = 5000;

export type DataflowQuestion =
  /** The runs that the kernel remembers. */
  | { readonly op: 'runs' }
  /** Which of these cells, in the notebook's order, need not be computed: the cache has what they make. */
  | { readonly op: 'plan'; readonly cells: readonly CellText[] }
  /** A small picture of what a variable holds. */
  | { readonly op: 'look'; readonly name: string };

export type DataflowRequest = DataflowQuestion & { readonly request: string };

/** What the cache holds for a cell. */
export interface CachedCell {
  readonly cell: string;
  /** What computing it took when it was computed. */
  readonly seconds: number;
}

export type DataflowAnswer =
  | {
      readonly status: 'ok';
      readonly runs?: readonly RunRecord[];
      readonly cached?: readonly CachedCell[];
      readonly payload?: ViewPayload;
    }
  | { readonly status: 'gone' }
  | { readonly status: 'error'; readonly message: string };

export type DataflowReply = DataflowAnswer & { readonly request: string };

/** Sent unasked when a cell has run. */
export interface DataflowEvent {
  readonly event: 'run';
  readonly run: RunRecord;
}

/** Says which of the notebook's cells the cache can answer for. Runs none. */
export type CellPlanner = (cells: readonly CellText[]) => Promise<readonly CachedCell[]>;

/** Draws a small picture of a value; undefined for a value that has none. */
export type ValueLooker = (value: unknown) => ViewPayload | undefined;
