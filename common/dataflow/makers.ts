/**
 * Which cell a reader gets a name from. One cell a name is the rule; with several, the nearest above, else the first
 * below. A cell that assigns a name which another declares makes it anew, and takes it from there.
 */
import type { CellCode } from './types.js';

export interface Maker {
  /** Index of the cell. */
  readonly cell: number;
  /** It declares the name; else it only assigns it. */
  readonly declares: boolean;
}

export type Makers = ReadonlyMap<string, readonly Maker[]>;

/** Every name's makers, from the top. */
export function makersOf(codes: readonly CellCode[]): Makers {
  const makers = new Map<string, Maker[]>();
  codes.forEach((code, cell) => {
    const add = (name: string, declares: boolean): void => {
      const known = makers.get(name);
      if (known) known.push({ cell, declares });
      else makers.set(name, [{ cell, declares }]);
    };
    code.defines.forEach(name => add(name, true));
    code.assigns.forEach(name => add(name, false));
  });
  return makers;
}

/** The cell that `reader` takes the name from; undefined where no other cell makes it. */
export function sourceOf(makers: readonly Maker[], reader: number): number | undefined {
  let above: number | undefined;
  let below: number | undefined;
  for (const { cell, declares } of makers) {
    if (cell < reader) above = cell;
    else if (cell > reader && declares) below ??= cell;
  }
  return above ?? below ?? makers.find(({ cell }) => cell > reader)?.cell;
}
