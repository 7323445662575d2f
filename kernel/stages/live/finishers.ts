/** Jobs that can be asked to end now with the best that they have, by the id of their reports. */
const finishers = new Map<string, () => void>();

/** Lets `finish` be called by whoever knows the job's id; returns the function that takes it back. */
export function offerFinish(job: string, finish: () => void): () => void {
  finishers.set(job, finish);
  return () => void finishers.delete(job);
}

/** Whether there was such a job to ask. */
export function finishJob(job: string): boolean {
  const finish = finishers.get(job);
  finish?.();
  return finish !== undefined;
}
