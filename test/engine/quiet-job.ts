/** A job that nobody watches or cancels: for tests that run a task in their own process. */
import type { Job } from '../../kernel/engine/task.js';

export const job: Job = {
  progress: () => {},
  due: () => false,
  cancelled: false,
  finishing: false,
  throwIfCancelled: () => {}
};
