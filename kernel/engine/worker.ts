/**
 * The engine's worker thread: runs one job after the other. The thread is blocked while ONNX Runtime computes,
 * so what is asked of a running job reaches it through shared memory.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CancelledError } from '../../common/errors.js';
import { CELL, flattenError, type Reply, type Request } from './protocol.js';
import type { Job } from './task.js';
import { findTask } from './tasks/index.js';

const REPORT_EVERY_MS = 500;
const port = parentPort!;
const cells = new Int32Array(workerData as SharedArrayBuffer);

function reply(message: Reply): void {
  port.postMessage(message);
}

function jobOf(id: number): Job {
  let reported = performance.now();
  return {
    progress(fraction, message, partial) {
      reported = performance.now();
      reply({ kind: 'progress', id, fraction, message, partial });
    },
    due: () => performance.now() - reported >= REPORT_EVERY_MS,
    get cancelled() {
      return Atomics.load(cells, CELL.cancel) === id;
    },
    get finishing() {
      return Atomics.load(cells, CELL.finish) === id;
    },
    throwIfCancelled() {
      if (this.cancelled) throw new CancelledError('The job was stopped.');
    }
  };
}

async function work(request: Extract<Request, { kind: 'run' }>): Promise<void> {
  try {
    const output = await findTask(request.task).run(request.input, jobOf(request.id));
    reply({ kind: 'done', id: request.id, output });
  } catch (error) {
    reply({ kind: 'failed', id: request.id, error: flattenError(error) });
  }
}

port.on('message', (request: Extract<Request, { kind: 'run' }>) => void work(request));
