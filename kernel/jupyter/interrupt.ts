/**
 * Stops what the main thread is doing without losing its variables; runs in the I/O thread. The main thread is
 * asked first: it ends a cell that awaits by itself. A loop never hears the question, so then V8 is told to end
 * the JavaScript that runs, and the question is heard after that. (Signals are no help: `breakOnSigint` of
 * node:vm loses one that comes just before a cell starts, and misses a loop after an await.)
 */
import { Session } from 'node:inspector';
import { SLOT } from './port.js';

/** Milliseconds that the main thread has to answer by itself. */
const GRACE = 400;
/** Milliseconds for it to answer after its JavaScript was ended: native code cannot be ended. */
const TERMINATION = 2000;
/** The compiler is left to finish for at most this long. */
const COMPILATION = 30_000;
const STEP = 10;

export type Outcome = 'handled' | 'terminated' | 'stuck';

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** @param needed - asked at the last moment: an idle main thread must not be hit. */
async function terminate(needed: () => boolean): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  const posted = new Promise<void>(resolve => {
    if (needed()) session.post('Runtime.terminateExecution', () => resolve());
    else resolve();
  });
  await Promise.race([posted, pause(TERMINATION)]);
  session.disconnect();
}

/**
 * @param ask - sends the interrupt to the main thread; it counts each that it has acted on.
 * @returns 'stuck' when native code keeps the main thread: nothing can end that.
 */
export async function interruptMain(counters: Int32Array, ask: () => void): Promise<Outcome> {
  const before = Atomics.load(counters, SLOT.handled);
  const handled = (): boolean => Atomics.load(counters, SLOT.handled) !== before;
  ask();
  let waited = 0;
  for (let compiling = 0; !handled() && waited < GRACE; await pause(STEP)) {
    // A compiler ended half-way would be of no use afterwards: the grace begins when it is done.
    if (Atomics.load(counters, SLOT.compiling) && (compiling += STEP) < COMPILATION) waited = 0;
    else waited += STEP;
  }
  if (handled()) return 'handled';
  await terminate(() => !handled());
  for (waited = 0; !handled() && waited < TERMINATION; waited += STEP) await pause(STEP);
  return handled() ? 'terminated' : 'stuck';
}
