/**
 * The words of the dataflow: what a cell makes and reads, how cells hang together, how they have run, and what state
 * that leaves them in. Types alone. A cell is a node; an edge is a name that one cell binds and another reads.
 */
import type { Edit, StageCall } from '../stagecell/index.js';
import type { ValueKind } from '../stage.js';

/** A code cell as it stands in the notebook. */
export interface CellText {
  /** Id of the cell in the notebook's file. */
  readonly id: string;
  readonly source: string;
}

/** What one cell's code says by itself. */
export interface CellCode {
  /** Names that the cell binds at its own level: values, and types too. */
  readonly defines: readonly string[];
  /** Those of `defines` that are types alone: they make an edge, and nothing at run time. */
  readonly types: readonly string[];
  /** Those of `defines` that come from an import, with the module's name. */
  readonly imports: Readonly<Record<string, string>>;
  /** Names that are free in the cell: read from other cells, or from the language. */
  readonly uses: readonly string[];
  /** Those of `uses` that are read as types alone. */
  readonly typeUses: readonly string[];
  /** Free names that the cell assigns anew (`x = 1`, `x++`) without declaring them: it makes them as well. */
  readonly assigns: readonly string[];
  /** Free names whose object the cell may change in place (`x.y = 1`, `x.push(1)`, `delete x.y`): flagged, not guessed. */
  readonly mutates: readonly string[];
  /**
   * The cell does nothing but declare functions, classes, types and plain constants, and import: run again, with what it
   * reads the same, it makes the same.
   */
  readonly settled?: boolean;
  /** The same for two sources that differ in comments and blanks alone. */
  readonly fingerprint: string;
  /** Why the cell does not parse, with the line from 1; its names are then the last that were known. */
  readonly problem?: { readonly message: string; readonly line: number };
  /** The cell is too long to be read: what it makes and reads is not known. */
  readonly unread?: boolean;
  /** The cell is in another language (`%%html`, `%%javascript` and the like): it takes no part. */
  readonly foreign?: boolean;
}

export type FaultKind = 'duplicate' | 'cycle' | 'syntax' | 'mutation' | 'order' | 'unknown-stage' | 'unread';

/** Something about a node that a person should know; `order`, `mutation` and `unread` are notes, the others stop reactive mode. */
export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
  /** The name that it is about. */
  readonly name?: string;
  /** Other cells that it is about. */
  readonly cells?: readonly string[];
}

export interface DataflowNode {
  readonly id: string;
  /** Among the code cells, from the top. */
  readonly index: number;
  readonly source: string;
  readonly code: CellCode;
  /** Calls of known stages. */
  readonly calls: readonly StageCall[];
  readonly faults: readonly Fault[];
}

export interface DataflowEdge {
  /** Cell that binds the name. */
  readonly from: string;
  /** Cell that reads it. */
  readonly to: string;
  readonly name: string;
  /** A type alone goes over it. */
  readonly type?: boolean;
  /** The name comes from an import: everything hangs on it, and nothing is made on the way. */
  readonly imported?: boolean;
  /** Ports of the reading cell's stage calls that it goes into: index of the call, name of the port. */
  readonly ports: readonly { readonly call: number; readonly port: string }[];
}

export interface Dataflow {
  /** In the order of the notebook. */
  readonly nodes: readonly DataflowNode[];
  readonly edges: readonly DataflowEdge[];
  /** Ids so that each cell comes after those that it reads from; the cells of a cycle in the notebook's order. */
  readonly order: readonly string[];
  /** Each cycle as the path of its cells' ids, the first not repeated. */
  readonly cycles: readonly (readonly string[])[];
}

/** What a kernel knows of a name's value. */
export interface Written {
  /** The run that bound it. */
  readonly run: number;
  /** The cell that ran, where the front end said it. */
  readonly cell?: string;
  /** Content hash, where the value has one. */
  readonly id?: string;
  readonly kind?: ValueKind;
  /** "1,512 rows, 63 flagged": the value in a few words. */
  readonly summary?: string;
  /** It was read from the cache. */
  readonly cached?: boolean;
}

/** One run of a cell, as the kernel noted it. */
export interface RunRecord {
  /** Counts up within a kernel's life. */
  readonly run: number;
  /** Id of the cell, where the front end said it. */
  readonly cell?: string;
  readonly source: string;
  readonly status: 'done' | 'failed' | 'cancelled';
  /** Why it failed. */
  readonly reason?: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly seconds: number;
  /** What each free name was when the cell began. */
  readonly reads: Readonly<Record<string, Written>>;
  readonly writes: Readonly<Record<string, Written>>;
}

export type CellStateName =
  'fresh' | 'stale' | 'waiting' | 'cached' | 'queued' | 'running' | 'failed' | 'bypassed';

export interface CellState {
  readonly name: CellStateName;
  /** Why, in a sentence: "neighbors 20 → 30 since it ran". Empty where there is nothing to say. */
  readonly why: string;
  /** The last run in this kernel. */
  readonly run?: RunRecord;
  /** Whether a run of "what is stale" takes it. */
  readonly due: boolean;
}

/** A change of a notebook that was asked for in the graph. Indices are those of all cells, not only of code cells. */
export type NotebookEdit =
  | { readonly do: 'edit'; readonly cell: string; readonly edits: readonly Edit[] }
  | { readonly do: 'insert'; readonly after: string | undefined; readonly source: string }
  | { readonly do: 'delete'; readonly cell: string }
  /** To right after the cell `after`; to the top without one. */
  | { readonly do: 'move'; readonly cell: string; readonly after: string | undefined };
