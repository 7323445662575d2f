/**
 * The fewest cells that must move so that each comes after those it reads from. Cells that may stay are those of which
 * no two stand the wrong way round: a largest antichain of the order "stands above what it needs", found by matching
 * (Dilworth; König). What stays keeps its order; what moves goes no further than it must. Knows no code.
 */
import type { NotebookEdit } from '../types.js';

/** The first must stand above the second; ids of cells. */
export type Before = readonly [first: string, second: string];

/** reach[i][j]: j comes after i by one or several of the pairs. Cells of one cycle bind each other to nothing. */
function closure(count: number, pairs: readonly (readonly [number, number])[]): boolean[][] {
  const words = Math.ceil(count / 32);
  const rows = Array.from({ length: count }, () => new Uint32Array(words));
  const has = (i: number, j: number): boolean => ((rows[i]![j >>> 5]! >>> (j & 31)) & 1) === 1;
  for (const [i, j] of pairs) rows[i]![j >>> 5]! |= 1 << (j & 31);
  for (let via = 0; via < count; via++) {
    const further = rows[via]!;
    for (let i = 0; i < count; i++) {
      if (!has(i, via)) continue;
      const row = rows[i]!;
      for (let w = 0; w < words; w++) row[w]! |= further[w]!;
    }
  }
  return rows.map((_, i) => rows.map((__, j) => has(i, j) && !has(j, i)));
}

/** Which of the cells stay. `conflicts[i]`: those below i that must stand above it. */
function staying(conflicts: readonly (readonly number[])[]): boolean[] {
  const count = conflicts.length;
  const matched = new Array<number>(count).fill(-1);
  const partner = new Array<number>(count).fill(-1);
  for (let start = 0; start < count; start++) {
    // An augmenting path, breadth first: a recursion could be as deep as the notebook is long.
    const from = new Map<number, number>();
    const queue = [start];
    search: for (let k = 0; k < queue.length; k++) {
      for (const j of conflicts[queue[k]!]!) {
        if (from.has(j)) continue;
        from.set(j, queue[k]!);
        if (matched[j]! >= 0) {
          queue.push(matched[j]!);
          continue;
        }
        for (let at = j; at >= 0;) {
          const i = from.get(at)!;
          const next = partner[i]!;
          matched[at] = i;
          partner[i] = at;
          at = next;
        }
        break search;
      }
    }
  }
  const left = partner.map(at => at < 0);
  const right = new Array<boolean>(count).fill(false);
  const queue = left.flatMap((free, i) => (free ? [i] : []));
  for (let k = 0; k < queue.length; k++) {
    for (const j of conflicts[queue[k]!]!) {
      if (right[j]) continue;
      right[j] = true;
      const i = matched[j]!;
      if (i >= 0 && !left[i]) {
        left[i] = true;
        queue.push(i);
      }
    }
  }
  return left.map((reached, i) => reached && !right[i]);
}

/** The order that is to be, of those that stay and those that move: whoever can come first and stood highest. */
function arrange(after: readonly (readonly boolean[])[], stays: readonly boolean[]): number[] {
  const count = stays.length;
  const waiting = after.map((_, j) => after.filter(row => row[j]).length);
  const kept = stays.flatMap((stay, i) => (stay ? [i] : []));
  const order: number[] = [];
  const placed = new Array<boolean>(count).fill(false);
  for (let next = 0; order.length < count;) {
    const ready = (i: number): boolean => !placed[i] && waiting[i] === 0 && (!stays[i] || i === kept[next]);
    const i = placed.findIndex((_, at) => ready(at));
    placed[i] = true;
    order.push(i);
    if (i === kept[next]) next++;
    after[i]!.forEach((is, j) => is && waiting[j]!--);
  }
  return order;
}

/**
 * The moves, to be made one after the other; none where the order is right already.
 * @param all ids of all cells from the top; `code` those that hold code, in the same order
 */
export function leastMoves(
  all: readonly string[],
  code: readonly string[],
  pairs: readonly Before[]
): NotebookEdit[] {
  const place = new Map(code.map((id, i) => [id, i]));
  const known = pairs.flatMap(([a, b]): [number, number][] => {
    const [i, j] = [place.get(a), place.get(b)];
    return i === undefined || j === undefined || i === j ? [] : [[i, j]];
  });
  if (known.every(([i, j]) => i < j)) return [];
  const after = closure(code.length, known);
  const conflicts = code.map((_, i) => code.flatMap((__, j) => (j > i && after[j]![i] ? [j] : [])));
  if (conflicts.every(below => below.length === 0)) return [];
  const stays = staying(conflicts);
  const order = arrange(after, stays);
  const moved = new Set(code.filter((_, i) => !stays[i]));
  // What goes above all code that stays does not go above the notebook's heading.
  const top = all.indexOf(code[stays.indexOf(true)]!);
  const heading = all
    .slice(0, top)
    .filter(id => !moved.has(id))
    .at(-1);
  return order.flatMap((i, at) => {
    if (stays[i]) return [];
    return [{ do: 'move', cell: code[i]!, after: at > 0 ? code[order[at - 1]!] : heading } as const];
  });
}
