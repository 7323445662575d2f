/**
 * Tells pages how the cells have run (common/dataflow/wire.ts): answers what they ask, and says unasked when a run has
 * ended. What the cache can answer for is the stages' to say, once they are loaded. Judges no state.
 */
import {
  DATAFLOW_TARGET,
  MOST_CELLS,
  type CellPlanner,
  type CellText,
  type DataflowAnswer,
  type DataflowEvent,
  type DataflowReply,
  type ValueLooker
} from '../../common/dataflow/index.js';
import type { Comm, CommMessage } from '../cell/index.js';
import type { Comms } from './comms.js';
import type { Variables } from './noted.js';
import type { RunLog } from './runlog.js';

export interface DataflowParts {
  readonly comms: Comms;
  readonly log: RunLog;
  variables(): Variables;
  /** Loads the stages, whether or not a cell has; they then hand in planner and looker. */
  loadStages(): Promise<void>;
  complain(error: unknown): void;
}

function readCells(given: unknown): CellText[] {
  if (!Array.isArray(given)) return [];
  return given.slice(0, MOST_CELLS).flatMap(cell => {
    const { id, source } = (cell ?? {}) as Partial<CellText>;
    return typeof id === 'string' && typeof source === 'string' ? [{ id, source }] : [];
  });
}

export class DataflowChannel {
  planner: CellPlanner | undefined;
  looker: ValueLooker | undefined;
  private readonly open = new Set<Comm>();
  private due = false;

  constructor(private readonly parts: DataflowParts) {
    parts.comms.registerTarget(DATAFLOW_TARGET, comm => {
      this.open.add(comm);
      comm.onMessage = message => void this.take(comm, message);
      comm.onClose = () => void this.open.delete(comm);
    });
  }

  /** A cell has run: tells whoever listens, when the kernel has answered the cell itself. */
  ran(): void {
    if (this.open.size === 0 || this.due) return;
    this.due = true;
    setImmediate(() => {
      this.due = false;
      try {
        for (const run of this.parts.log.news()) this.tell({ event: 'run', run });
      } catch (error) {
        this.parts.complain(error);
      }
    });
  }

  private tell(event: DataflowEvent): void {
    for (const comm of this.open) if (!comm.closed) comm.send({ ...event });
  }

  private async take(comm: Comm, { data }: CommMessage): Promise<void> {
    let answer: DataflowAnswer;
    try {
      answer = await this.answer(data);
    } catch (error) {
      this.parts.complain(error);
      answer = { status: 'error', message: error instanceof Error ? error.message : String(error) };
    }
    const reply = { ...answer, request: String(data.request) } satisfies DataflowReply;
    if (!comm.closed) comm.send(reply);
  }

  private async answer(data: Record<string, unknown>): Promise<DataflowAnswer> {
    switch (data.op) {
      case 'runs':
        return { status: 'ok', runs: this.parts.log.recall() };
      case 'plan': {
        await this.parts.loadStages();
        const cached = await this.planner?.(readCells(data.cells));
        return cached ? { status: 'ok', cached } : { status: 'gone' };
      }
      case 'look': {
        const value = this.parts.variables()[String(data.name)];
        const payload = value === undefined ? undefined : this.looker?.(value);
        return payload ? { status: 'ok', payload } : { status: 'gone' };
      }
      default:
        return { status: 'error', message: `The dataflow knows no question "${String(data.op)}".` };
    }
  }
}
