/**
 * Lets an interrupt stop a cell where it awaits. Each `await` at a cell's top level goes through a guard of that
 * cell (emit.ts writes the calls); without it, a loop with an await would go on in the background after its cell
 * had been interrupted.
 * Awaits inside the person's own functions are not guarded: what they began may go on.
 */

/** The guard's name in the emitted script: a parameter of the function around it. */
export const GUARD = '__hysimAwait';

/** Milliseconds that a `finally` of an interrupted cell has to tidy up. */
const TIDY = 2000;

export interface Guard {
  <T>(value: T | PromiseLike<T>): Promise<T>;
  /** The same for the iterable of a `for await`. */
  each<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterable<T>;
  /** Makes the await that is pending throw `error`, or else the next one. */
  stop(error: Error): void;
}

export function createGuard(): Guard {
  const pending = new Set<(error: Error) => void>();
  let stopped: { error: Error; told: boolean; until: number } | undefined;

  const guard = <T>(value: T | PromiseLike<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (stopped && !stopped.told) {
        stopped.told = true;
        return reject(stopped.error);
      }
      // A loop that catches everything would never end: it is left waiting.
      if (stopped && performance.now() > stopped.until) return;
      pending.add(reject);
      // Nothing but `resolve` and `reject` here: through them V8 finds the cell's line for the stack of an error.
      void Promise.resolve(value)
        .then(resolve, reject)
        .then(() => pending.delete(reject));
    });

  async function* each<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<T> {
    for await (const item of items) yield await guard(item);
  }

  const stop = (error: Error): void => {
    stopped = { error, told: pending.size > 0, until: performance.now() + TIDY };
    for (const reject of pending) reject(error);
  };
  return Object.assign(guard, { each, stop });
}
