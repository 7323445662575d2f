/**
 * The line of a notebook's dataflow to its kernel (common/dataflow/wire.ts): how cells have run, and what the cache has
 * for them. What comes is checked: the kernel is another process and may be another version.
 */
import type { Kernel } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';
import {
  DATAFLOW_TARGET,
  type CachedCell,
  type DataflowAnswer,
  type DataflowQuestion,
  type RunRecord,
  type Written
} from '../../common/dataflow/index.js';
import type { ViewPayload } from '../../common/views/index.js';
import { Line } from './line.js';

const STATUSES: readonly unknown[] = ['done', 'failed', 'cancelled'] satisfies RunRecord['status'][];

/** Characters of what a value says of itself. */
const LONGEST = 400;

function asObject(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function readNames(data: unknown): Record<string, Written> {
  const names: [string, Written][] = [];
  for (const [name, value] of Object.entries(asObject(data))) {
    const { run, cell, id, kind, summary, cached } = asObject(value);
    if (typeof run !== 'number') continue;
    names.push([
      name,
      {
        run,
        ...(text(cell) === undefined ? {} : { cell: text(cell)! }),
        ...(text(id) === undefined ? {} : { id: text(id)! }),
        ...(text(kind) === undefined ? {} : { kind: kind as Written['kind'] }),
        ...(text(summary) === undefined ? {} : { summary: text(summary)!.slice(0, LONGEST) }),
        ...(cached === true ? { cached } : {})
      }
    ]);
  }
  return Object.fromEntries(names);
}

/** A run as the kernel notes it; undefined for what is none. */
export function readRun(data: unknown): RunRecord | undefined {
  const { run, cell, source, status, reason, started, seconds, reads, writes } = asObject(data);
  if (typeof run !== 'number' || typeof source !== 'string' || !STATUSES.includes(status)) return undefined;
  return {
    run,
    source,
    status: status as RunRecord['status'],
    started: typeof started === 'number' ? started : 0,
    seconds: typeof seconds === 'number' ? seconds : 0,
    reads: readNames(reads),
    writes: readNames(writes),
    ...(text(cell) === undefined ? {} : { cell: text(cell)! }),
    ...(text(reason) === undefined ? {} : { reason: text(reason)! })
  };
}

function readCached(data: unknown): CachedCell[] {
  const { cell, seconds } = asObject(data);
  return typeof cell === 'string' ? [{ cell, seconds: typeof seconds === 'number' ? seconds : 0 }] : [];
}

function readAnswer(data: Record<string, unknown>): DataflowAnswer | undefined {
  const { status, message, runs, cached, payload } = data;
  if (status === 'gone') return { status };
  if (status === 'error') return { status, message: String(message ?? '').slice(0, 1000) };
  if (status !== 'ok') return undefined;
  return {
    status,
    ...(Array.isArray(runs) ? { runs: runs.flatMap(run => readRun(run) ?? []) } : {}),
    ...(Array.isArray(cached) ? { cached: cached.flatMap(readCached) } : {}),
    ...(typeof payload === 'object' && payload !== null ? { payload: payload as ViewPayload } : {})
  };
}

export class DataflowLink extends Line<DataflowQuestion, DataflowAnswer> {
  private readonly _ran: Signal<this, RunRecord>;

  constructor(kernel: Kernel.IKernelConnection) {
    super(kernel, {
      target: DATAFLOW_TARGET,
      gone: { status: 'gone' },
      answer(data) {
        const { request } = asObject(data);
        const answer = typeof request === 'string' ? readAnswer(asObject(data)) : undefined;
        return answer && { request: request as string, answer };
      },
      event: data => {
        const { event, run } = asObject(data);
        const record = event === 'run' ? readRun(run) : undefined;
        if (record) this._ran.emit(record);
      }
    });
    this._ran = new Signal<this, RunRecord>(this);
  }

  /** A cell has run, whoever ran it. */
  get ran(): ISignal<this, RunRecord> {
    return this._ran;
  }
}
