/** Which of the runs that were noted still say something. Notes none itself. */
import type { RunRecord } from './types.js';

/** The last of each cell, and those whose values are under a name. @param runs oldest first; so is the result */
export function stillTelling(runs: readonly RunRecord[]): RunRecord[] {
  const last = new Map<string, number>();
  const names = new Map<string, number>();
  for (const { run, cell, writes } of runs) {
    if (cell !== undefined) last.set(cell, run);
    for (const [name, written] of Object.entries(writes)) names.set(name, written.run);
  }
  const needed = new Set([...last.values(), ...names.values()]);
  return runs.filter(({ run }) => needed.has(run));
}
