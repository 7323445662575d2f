/**
 * What the graph panel, and whoever else shows a dataflow, sees of a notebook. One interface, so that the panel knows
 * neither how cells are analysed nor how a kernel tells what it ran. Types and a token alone.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type {
  CellState,
  Dataflow,
  DataflowEdge,
  Input,
  NotebookEdit,
  Output,
  PaletteEntry,
  Proposal,
  RunCost,
  RunWhat,
  Where
} from '../../common/dataflow/index.js';
import type { JobEvent } from '../../common/host.js';
import type { ViewPayload } from '../../common/views/index.js';

/** The edits of the graph, each worked out from the notebook as it stands. Nothing is changed by asking. */
export interface Proposals {
  connect(from: Output, to: Input): Proposal;
  disconnect(edge: Pick<DataflowEdge, 'from' | 'to' | 'name' | 'ports'>): Proposal;
  insert(stage: string, where?: Where): Proposal;
  duplicate(cell: string): Proposal;
  /** Calls what a cell makes otherwise, there and wherever it is read from there. */
  rename(output: Output, next: string): Proposal;
  /** A name like this one that nothing in the notebook has. */
  freeName(name: string): string;
  remove(cell: string): Proposal;
  toggleBypass(cell: string): Proposal;
  /** Reorders the cells so that the notebook runs from top to bottom. */
  tidyOrder(): Proposal;
  /** Every stage, in the order of the library. */
  palette(cell?: string): readonly PaletteEntry[];
}

/** [x, y] of a node's upper left corner, in the graph's own pixels. */
export type Place = readonly [number, number];

/** How the notebook wants its graph drawn: its metadata `hysim`. */
export interface Drawing {
  readonly positions: Readonly<Record<string, Place>>;
  readonly folded: readonly string[];
}

/** The dataflow of one notebook. */
export interface IDataflow {
  readonly panel: NotebookPanel;
  /** The notebook runs, or would run, in our kernel. Without it there are cells and edges, and no states. */
  readonly ours: boolean;
  readonly flow: Dataflow;
  readonly states: ReadonlyMap<string, CellState>;
  /** The job that a cell is at. */
  readonly jobs: ReadonlyMap<string, JobEvent>;
  /** Something above or below is different now. At most once a frame. */
  readonly changed: ISignal<IDataflow, void>;

  /** Id of the active cell, where that is a code cell. Setting it makes the cell the active one and scrolls to it. */
  selected: string | undefined;
  /** Makes a cell the active one and moves the keyboard's focus to it. */
  goTo(cell: string): void;

  /** What the cell's view shows: its last output of our type, the running job's picture, or the kernel's answer. The
   * same object as long as the picture is the same. */
  payloadOf(cell: string): ViewPayload | undefined;

  costOf(what: RunWhat): RunCost;
  run(what: RunWhat): Promise<void>;
  stop(): Promise<void>;
  reactive: boolean;

  readonly propose: Proposals;
  /** Applies edits as one step of undo; resolves to the ids of inserted cells. */
  apply(edits: readonly NotebookEdit[]): Promise<readonly string[]>;
  undo(): void;
  redo(): void;

  readonly drawing: Drawing;
  /** One step of undo; nothing is written when nothing is different. */
  draw(drawing: Drawing): void;
}

/** The dataflows of the open notebooks. */
export interface IDataflows {
  /** That of the notebook in front, or last in front. */
  readonly current: IDataflow | undefined;
  readonly currentChanged: ISignal<IDataflows, void>;
  of(panel: NotebookPanel): IDataflow | undefined;
}

export const IDataflows = new Token<IDataflows>(
  'hysim-lab:IDataflows',
  'The dataflows of the open notebooks: their cells, edges, states, runs and edits.'
);
