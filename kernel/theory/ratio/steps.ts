/**
 * Long work as a generator of steps, so that one definition of an estimator serves a caller that waits and one that
 * must stay cancellable, and so that a step may be computed elsewhere. Nothing statistical here.
 */

/** How far the work is; yielded between steps. */
export class Mark {
  constructor(
    /** In [0, 1]. */
    readonly fraction: number,
    readonly words: string
  ) {}
}

/** Yields marks, and what is to be awaited; whoever drives it sends back what that came to. */
export type Steps<T> = Generator<unknown, T, unknown>;

/** The value, awaited by whoever drives the steps. */
export function* awaited<T>(value: T | Promise<T>): Steps<T> {
  return (yield value) as T;
}

/** The same work as a part of a longer one: its marks fall between `from` and `to`. */
export function* within<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  let next = steps.next();
  while (!next.done) {
    const step = next.value;
    let value: unknown;
    try {
      value = yield step instanceof Mark ? new Mark(from + step.fraction * (to - from), step.words) : step;
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(value);
  }
  return next.value;
}

/** Runs steps of which none is computed elsewhere. @throws TypeError when one is */
export function runNow<T>(steps: Steps<T>): T {
  let sent: unknown;
  for (;;) {
    const { done, value } = steps.next(sent);
    if (done) return value as T;
    if (value instanceof Promise)
      throw new TypeError('A step is computed elsewhere: use runSteps and await it.');
    sent = value;
  }
}

/**
 * Runs steps and awaits each.
 * @param between called at every step, with the mark where it is one; what it throws (a cancellation) ends the work
 */
export async function runSteps<T>(steps: Steps<T>, between: (mark?: Mark) => void = () => {}): Promise<T> {
  let next = steps.next();
  while (!next.done) {
    const step = next.value;
    between(step instanceof Mark ? step : undefined);
    let value: unknown;
    try {
      value = await step;
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(value);
  }
  return next.value;
}
