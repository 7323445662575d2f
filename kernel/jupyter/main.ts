/**
 * The kernel's entry: `node --no-force-async-hooks-checks main.js CONNECTION_FILE`. Starts the I/O thread,
 * then makes the interpreter while the sockets are live. (The flag: ending a loop from outside can leave
 * Node's own bookkeeping of async calls uneven, which it would otherwise take for a reason to abort.)
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { findInstall, typescriptVersion } from '../cell/install.js';
import { readConnection } from './connection.js';
import { whileIdle } from './idle.js';
import { kernelInfo } from './info.js';
import type { Kernel } from './kernel.js';
import { SLOT, type FromIo, type IoData } from './port.js';

const realExit = process.exit.bind(process);

/** With open sockets in the other thread a normal exit aborts in native code. */
function end(reason?: string): never {
  if (reason) writeSync(2, `[hysim kernel] ${reason}\n`);
  try {
    // Whoever has a child process ends it here.
    process.emit('exit', reason ? 1 : 0);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
  return realExit(1);
}

const path = process.argv[2];
if (!path) {
  writeSync(2, 'usage: node --no-force-async-hooks-checks main.js CONNECTION_FILE\n');
  realExit(2);
}

/** Messages that came before there was a kernel to handle them. */
const early: FromIo[] = [];
let kernel: Kernel | undefined;

const install = findInstall();
const shared = new SharedArrayBuffer(4 * Object.keys(SLOT).length);
const counters = new Int32Array(shared);
const setCompiling = (now: boolean): void => void Atomics.store(counters, SLOT.compiling, now ? 1 : 0);

// Interrupts come as messages. A Ctrl-C meant for the server reaches the whole process group: it must not end
// the kernel, and before there is one it means nothing.
process.on('SIGINT', () => kernel?.interrupt());

function startIo(file: string): Worker {
  try {
    const connection = readConnection(file);
    const info = JSON.stringify(kernelInfo({ kernel: install.version, typescript: typescriptVersion() }));
    const workerData: IoData = { connection, session: randomUUID(), info, shared };
    return new Worker(new URL('./io-thread.js', import.meta.url), { workerData });
  } catch (error) {
    writeSync(2, `[hysim kernel] ${(error as Error).message}\n`);
    return realExit(1);
  }
}

function receive(message: FromIo): void {
  if (message.kind === 'shutdown') end();
  if (message.kind === 'failed') end(message.reason);
  if (message.kind === 'bound') return;
  if (kernel) kernel.handle(message);
  else early.push(message);
}

const io = startIo(path);
io.on('message', receive);
io.on('error', error => end(`the I/O thread failed: ${error.stack ?? error.message}`));

setCompiling(true);
try {
  // Loading TypeScript takes the better part of a second: the sockets are live meanwhile.
  const [{ Kernel }, { captureStreams, keepAlive }, { Interpreter, saveCompiledTypeScript }] =
    await Promise.all([import('./kernel.js'), import('./streams.js'), import('../cell/index.js')]);
  const started = new Kernel(io, counters, install.name);
  captureStreams(started.outbox);
  keepAlive(started.outbox);
  const interpreter = new Interpreter({
    install,
    folder: process.cwd(),
    writeDisplay: (bundle, metadata, id, update) => started.displays.write(bundle, metadata, id, update),
    compiling: setCompiling
  });
  kernel = started;
  started.begin(interpreter);
  for (const message of early.splice(0)) receive(message);
  whileIdle(started, [
    () => interpreter.warm(),
    () => {
      saveCompiledTypeScript();
      return false;
    }
  ]);
} catch (error) {
  end(`the interpreter could not start: ${(error as Error).stack ?? String(error)}`);
}
