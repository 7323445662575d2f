/** The notes of earlier runs and those of the kernel that runs now, as one account. */
import type { RunRecord, Written } from '../../common/dataflow/index.js';

/** A kernel counts its runs from 1: here they go on behind those of before. */
function shifted(run: RunRecord, by: number): RunRecord {
  const shift = (values: RunRecord['reads']): RunRecord['reads'] =>
    Object.fromEntries(
      Object.entries(values).map(([name, written]): [string, Written] => [
        name,
        { ...written, run: written.run + by }
      ])
    );
  return { ...run, run: run.run + by, reads: shift(run.reads), writes: shift(run.writes) };
}

/** @returns the earlier notes, then the kernel's; of each cell its last */
export function joinNotes(earlier: readonly RunRecord[], now: readonly RunRecord[]): RunRecord[] {
  const highest = Math.max(0, ...earlier.map(({ run }) => run), ...earlier.flatMap(numbersIn));
  const all = [...earlier, ...now.map(run => shifted(run, highest))];
  const last = new Map(all.map(run => [run.cell, run]));
  return all.filter(run => run.cell !== undefined && last.get(run.cell) === run);
}

function numbersIn({ reads, writes }: RunRecord): number[] {
  return [...Object.values(reads), ...Object.values(writes)].map(({ run }) => run);
}
