/**
 * Worker threads for one job: each has an ONNX Runtime of its own, on one thread that does not spin, and its own SIMD
 * kernels. Work is cut into items that whoever is free takes next, so a part must give the same answer whoever took which.
 * With one thread all is done in the caller's, without a worker. The pool must be closed: no worker outlives its job.
 */
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../common/errors.js';
import { DenseSessions } from './dense.js';
import {
  findPart,
  type PartInput,
  type PartItem,
  type PartName,
  type PartResult,
  type PartRest
} from './parts/index.js';
import type { FromWorker, ToWorker } from './pool-protocol.js';
import { reviveError } from './protocol.js';
import type { Job } from './task.js';

/** How long a worker may take over the item that it is at. An item takes some 100 ms. */
const END_PATIENCE_MS = 10_000;

export interface PoolRun<K extends PartName> {
  /** What every worker opens the part with; large arrays in shared memory, or each worker has a copy. */
  input: PartInput<K>;
  items: readonly PartItem<K>[];
  /** Called with each item's result as it comes, in no order. */
  onResult?: (result: PartResult<K>, item: PartItem<K>) => void;
}

/** Threads that a pool has where none are asked for: one a core. */
export function defaultThreads(): number {
  return Math.max(1, os.availableParallelism());
}

export class Pool {
  readonly threads: number;
  /** Products on the caller's own thread. */
  readonly dense = new DenseSessions();
  private workers: Worker[] = [];

  constructor(
    private readonly job: Pick<Job, 'throwIfCancelled'>,
    threads: number = defaultThreads()
  ) {
    this.threads = threads;
  }

  /** Workers that are alive. */
  get running(): number {
    return this.workers.length;
  }

  /**
   * Does all items; gives what each worker has left at the end.
   * @throws CancelledError when the job is cancelled, the part's own error, or EngineError when a worker ends
   */
  async run<K extends PartName>(name: K, run: PoolRun<K>): Promise<PartRest<K>[]> {
    const used = Math.min(this.threads, run.items.length);
    if (used <= 1) return [await this.runHere(name, run)];
    while (this.workers.length < used)
      this.workers.push(new Worker(new URL('./pool-worker.js', import.meta.url)));
    const items = run.items.entries();
    try {
      return await Promise.all(
        this.workers.slice(0, used).map(worker => this.drive(worker, name, run, items))
      );
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Ends all workers, each after the item that it is at. Safe to call twice. */
  async close(): Promise<void> {
    const workers = this.workers;
    this.workers = [];
    await Promise.all([...workers.map(end), this.dense.dispose()]);
  }

  private async runHere<K extends PartName>(name: K, run: PoolRun<K>): Promise<PartRest<K>> {
    const opened = await findPart(name).open(run.input, this.dense);
    for (const item of run.items) {
      this.job.throwIfCancelled();
      const result = await opened.step(item);
      run.onResult?.(result as PartResult<K>, item);
    }
    return opened.finish() as PartRest<K>;
  }

  /** Hands one worker item after item until none is left. */
  private drive<K extends PartName>(
    worker: Worker,
    part: K,
    run: PoolRun<K>,
    items: Iterator<[number, PartItem<K>]>
  ): Promise<PartRest<K>> {
    return new Promise((resolve, reject) => {
      const send = (message: ToWorker): void => worker.postMessage(message);
      const settle = (then: () => void): void => {
        worker.off('message', receive).off('error', fail).off('exit', gone);
        then();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      const gone = (code: number): void =>
        fail(
          new EngineError(
            `A worker ended with exit code ${code} while it ran ${part}. The machine may have run out of memory: try ` +
              'fewer threads. No variable is lost: run the cell again.'
          )
        );
      const next = (): void => {
        const { done, value } = items.next() as IteratorResult<[number, PartItem<K>]>;
        send(done ? { kind: 'finish' } : { kind: 'step', index: value[0], item: value[1] });
      };
      const receive = (message: FromWorker): void => {
        try {
          this.job.throwIfCancelled();
          if (message.kind === 'failed') fail(reviveError(message.error));
          else if (message.kind === 'finished') settle(() => resolve(message.rest as PartRest<K>));
          else {
            if (message.kind === 'result')
              run.onResult?.(message.result as PartResult<K>, run.items[message.index]!);
            next();
          }
        } catch (error) {
          fail(error as Error);
        }
      };
      worker.on('message', receive).on('error', fail).on('exit', gone);
      send({ kind: 'open', part, input: run.input });
    });
  }
}

/** Asks a worker to exit, which it does between two items; one that does not is stopped. */
function end(worker: Worker): Promise<void> {
  return new Promise(resolve => {
    const patience = setTimeout(() => void worker.terminate(), END_PATIENCE_MS);
    worker.once('exit', () => {
      clearTimeout(patience);
      resolve();
    });
    worker.on('error', () => {});
    worker.postMessage({ kind: 'end' } satisfies ToWorker);
    // One that is gone already says nothing more.
    if (worker.threadId === -1) worker.emit('exit', 0);
  });
}
