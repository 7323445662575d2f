/**
 * The engine process. Its main thread only passes messages between the program and the worker thread that
 * computes, so it always answers; it ends when the program that started it ends.
 */
import { Worker } from 'node:worker_threads';
import { CELL, type Reply, type Request } from './protocol.js';

/** What the worker looks at while it computes: see CELL. */
const cells = new Int32Array(new SharedArrayBuffer(8));
const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: cells.buffer });

worker.on('message', (reply: Reply) => process.send!(reply));
// A worker that fails outside of a job cannot be trusted with the next one: the program restarts the engine.
worker.on('error', error => {
  process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(70));
});

process.on('message', (request: Request) => {
  if (request.kind === 'run') worker.postMessage(request);
  else Atomics.store(cells, CELL[request.kind], request.id);
});

// SIGKILL, because an orderly exit would wait for the worker, which may be deep inside ONNX Runtime.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches the whole process group; the program decides what stops.
process.on('SIGINT', () => {});
