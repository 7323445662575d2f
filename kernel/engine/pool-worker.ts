/** A worker thread of a pool: opens a part, does the items that it is given one after another, and hands in the rest. */
import { parentPort } from 'node:worker_threads';
import { DenseSessions } from './dense.js';
import { findPart, type OpenPart } from './parts/index.js';
import type { FromWorker, ToWorker } from './pool-protocol.js';
import { flattenError } from './protocol.js';

const port = parentPort!;
const dense = new DenseSessions();
let opened: OpenPart<unknown, unknown, unknown> | undefined;

async function answer(message: Exclude<ToWorker, { kind: 'end' }>): Promise<FromWorker> {
  if (message.kind === 'open') {
    opened = await findPart(message.part).open(message.input, dense);
    return { kind: 'opened' };
  }
  if (message.kind === 'step')
    return { kind: 'result', index: message.index, result: await opened!.step(message.item) };
  const rest = opened!.finish();
  opened = undefined;
  return { kind: 'finished', rest };
}

port.on('message', (message: ToWorker) => {
  // Sessions are closed first: to be ended with one open can take the whole process down.
  if (message.kind === 'end') void dense.dispose().finally(() => port.close());
  else
    void answer(message)
      .catch((error: unknown): FromWorker => ({ kind: 'failed', error: flattenError(error) }))
      .then(reply => port.postMessage(reply));
});
