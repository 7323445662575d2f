/**
 * Work that is done while nobody waits: one step at a time, each after a pause in which the kernel was asked for
 * nothing. A step cannot be broken off, so each should take well below a second.
 */

/** Milliseconds without a request before the next step. */
const PAUSE = 500;
const TICK = 100;

export interface Restful {
  /** Milliseconds since the kernel last had anything to do; 0 while it has. */
  readonly restedFor: number;
}

/** Each step returns whether it is to be called again. A step that throws is left out. */
export type Step = () => boolean;

export function whileIdle(kernel: Restful, steps: readonly Step[]): void {
  const left = [...steps];
  const timer = setInterval(() => {
    if (kernel.restedFor < PAUSE) return;
    const step = left[0];
    let again = false;
    try {
      again = step?.() ?? false;
    } catch {
      // It was meant as a help.
    }
    if (!again) left.shift();
    if (left.length === 0) clearInterval(timer);
  }, TICK);
  timer.unref();
}
