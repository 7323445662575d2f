/**
 * The engine process. Its main thread only passes messages between the program and the worker thread that
 * computes, so it always answers; it ends when the program that started it ends.
 */
import { Worker } from 'node:worker_threads';
import type { Reply, Request } from './protocol.js';

const cancelMemory = new SharedArrayBuffer(4);
const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: cancelMemory });

worker.on('message', (reply: Reply) => process.send!(reply));
// A worker that fails outside of a job cannot be trusted with the next one: the program restarts the engine.
worker.on('error', error => {
  process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(70));
});

process.on('message', (request: Request) => {
  if (request.kind === 'cancel') Atomics.store(new Int32Array(cancelMemory), 0, request.id);
  else worker.postMessage(request);
});

// SIGKILL, because an orderly exit would wait for the worker, which may be deep inside ONNX Runtime.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches the whole process group; the program decides what stops.
process.on('SIGINT', () => {});
