/**
 * What a task of the engine is. A task is one file in tasks/: it runs in the engine's worker thread, reports
 * progress, looks often whether it was cancelled, and gets and returns plain data (numbers, text, typed
 * arrays). To add one: write the file with defineTask, and add it to the list in tasks/index.ts.
 */

/** A running job, as its task sees it. */
export interface Job {
  /**
   * Tells the caller how far the job is. `fraction` is in [0, 1]. `partial` is the state to go on from should
   * the job or the engine end; send it at least each 0.5 s (see `due`).
   */
  progress(fraction: number, message: string, partial?: unknown): void;
  /** Whether 0.5 s have passed since the last progress report. */
  due(): boolean;
  /** Whether the job was cancelled. */
  readonly cancelled: boolean;
  /** Whether the job was asked to end now with the best that it has. A task that has nothing yet goes on. */
  readonly finishing: boolean;
  /** Throws CancelledError if the job was cancelled. Call it between steps of at most a few 100 ms. */
  throwIfCancelled(): void;
}

export interface Task<Name extends string, Input, Output> {
  name: Name;
  run(input: Input, job: Job): Promise<Output>;
}

/** Declares a task; the types of its input and output reach the caller of `engine().run(name, input)`. */
export function defineTask<Name extends string, Input, Output>(
  task: Task<Name, Input, Output>
): Task<Name, Input, Output> {
  return task;
}
