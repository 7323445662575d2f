/**
 * A notebook's dataflow over time: one edited cell costs the reading of one cell, and a cell that does not parse for a
 * moment keeps the names that it had.
 */
import { analyse } from './analyse.js';
import { build, type Built } from './graph.js';
import type { CellCode, CellText, Dataflow } from './types.js';

export class DataflowReader {
  /** What each cell said when it last parsed. Cells that went are kept too: an undo brings them back. */
  private readonly good = new Map<string, CellCode>();
  private built: Built | undefined;

  /** The same object as before when no cell has changed. */
  read(cells: readonly CellText[]): Dataflow {
    const before = this.built?.cells ?? [];
    const same = cells.length === before.length && cells.every((cell, i) => isSame(cell, before[i]!));
    if (same && this.built) return this.built.flow;
    const codes = cells.map((cell, i) => {
      if (before[i] && isSame(cell, before[i])) return this.built!.codes[i]!;
      const { id, source } = cell;
      const code = analyse(source, this.good.get(id));
      if (!code.problem) this.good.set(id, code);
      return code;
    });
    // Not the caller's array, which may grow.
    const own = cells.map(({ id, source }) => ({ id, source }));
    this.built = build(own, codes, this.built);
    return this.built.flow;
  }
}

function isSame(a: CellText, b: CellText): boolean {
  return a.id === b.id && a.source === b.source;
}
