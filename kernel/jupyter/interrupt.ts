/**
 * Stops what the main thread is doing without losing its variables; runs in the I/O thread. First SIGINT to
 * our own process: it rejects a cell that awaits, and `breakOnSigint` ends a loop in a cell's synchronous part.
 * A loop after an await hears neither, so V8 is told to end the JavaScript that runs.
 */
import { Session } from 'node:inspector';
import { SLOT, type FromIo } from './port.js';

/** Milliseconds that the main thread has to act on SIGINT. */
const GRACE = 600;
/** Milliseconds for V8 to end running JavaScript: native code cannot be ended. */
const TERMINATION = 2000;
/** The compiler is left to finish for at most this long. */
const COMPILATION = 30_000;
const STEP = 10;

export type Outcome = 'handled' | 'terminated' | 'stuck';

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function terminate(): Promise<boolean> {
  return new Promise(resolve => {
    const session = new Session();
    session.connectToMainThread();
    const end = (done: boolean): void => {
      clearTimeout(timer);
      session.disconnect();
      resolve(done);
    };
    const timer = setTimeout(() => end(false), TERMINATION);
    session.post('Runtime.terminateExecution', error => end(!error));
  });
}

/** Returns 'stuck' when native code keeps the main thread: nothing can end that. */
export async function interruptMain(
  counters: Int32Array,
  toMain: (message: FromIo) => void
): Promise<Outcome> {
  const before = Atomics.load(counters, SLOT.handled);
  const handled = (): boolean => Atomics.load(counters, SLOT.handled) !== before;
  if (process.platform === 'win32') toMain({ kind: 'interrupt' });
  else process.kill(process.pid, 'SIGINT');

  let waited = 0;
  for (let compiling = 0; !handled() && waited < GRACE; await pause(STEP)) {
    // A compiler ended half-way would be of no use afterwards: the grace begins when it is done.
    if (Atomics.load(counters, SLOT.compiling) && (compiling += STEP) < COMPILATION) waited = 0;
    else waited += STEP;
  }
  if (handled()) return 'handled';
  const ended = await terminate();
  if (!ended && !handled()) return 'stuck';
  return 'terminated';
}
