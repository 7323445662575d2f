/**
 * The engine that probes run in: a process of its own, so that a view answers while a model trains in the other. It
 * starts with the first probe and ends when it was not used for a minute.
 */
import { createEngine, type Engine, type RunOptions } from '../../engine/index.js';
import type { TaskInput, TaskName, TaskOutput } from '../../engine/index.js';

const IDLE_MS = 60_000;

let engine: Engine | undefined;
let idle: NodeJS.Timeout | undefined;
let running = 0;

export async function runProbe<K extends TaskName>(
  task: K,
  input: TaskInput<K>,
  options: RunOptions
): Promise<TaskOutput<K>> {
  clearTimeout(idle);
  running++;
  try {
    return await (engine ??= createEngine()).run(task, input, options);
  } finally {
    if (--running === 0) {
      idle = setTimeout(() => void stopProbes(), IDLE_MS);
      // A program that has nothing else to do may end.
      idle.unref();
    }
  }
}

/** Process id of the probes' engine, while it runs. */
export function probePid(): number | undefined {
  return engine?.pid;
}

/** Ends the probes' engine; the next probe starts another. */
export async function stopProbes(): Promise<void> {
  clearTimeout(idle);
  const ended = engine;
  engine = undefined;
  await ended?.stop();
}
