/**
 * Cycles of a graph and the order to run it in. Nodes are numbers from 0, in the notebook's order; knows nothing of
 * cells.
 */

/** What each node needs to come before it. */
export type Needs = readonly ReadonlySet<number>[];

/** Sets of nodes that reach each other, each sorted (Tarjan 1972, without recursion); most have one node. */
export function components(needs: Needs): number[][] {
  const found: number[][] = [];
  const at = new Array<number>(needs.length).fill(-1);
  const low = new Array<number>(needs.length).fill(0);
  const stack: number[] = [];
  const open = new Array<boolean>(needs.length).fill(false);
  let count = 0;
  for (let start = 0; start < needs.length; start++) {
    if (at[start] !== -1) continue;
    const path: { node: number; rest: Iterator<number> }[] = [];
    const enter = (node: number): void => {
      at[node] = low[node] = count++;
      stack.push(node);
      open[node] = true;
      path.push({ node, rest: needs[node]!.values() });
    };
    enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node } = top;
      const next = top.rest.next();
      if (!next.done) {
        const other = next.value;
        if (at[other] === -1) enter(other);
        else if (open[other]) low[node] = Math.min(low[node]!, at[other]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) low[parent.node] = Math.min(low[parent.node]!, low[node]!);
      if (low[node] !== at[node]) continue;
      const members = stack.splice(stack.lastIndexOf(node));
      for (const member of members) open[member] = false;
      found.push(members.sort((a, b) => a - b));
    }
  }
  return found;
}

/** The shortest way from `start` against the needs back to `start`, within `members`. */
function cycleThrough(start: number, members: ReadonlySet<number>, needs: Needs): number[] {
  const before = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const need of needs[node]!) {
      if (need === start) {
        const path = [node];
        for (let at = node; at !== start;) path.push((at = before.get(at)!));
        return path.reverse();
      }
      if (!members.has(need) || before.has(need)) continue;
      before.set(need, node);
      queue.push(need);
    }
  }
  return [];
}

/** Shortest cycles, so that each node that lies on one is in at least one; each node is needed by the next. */
export function cyclesOf(needs: Needs, parts: readonly (readonly number[])[]): number[][] {
  const cycles: number[][] = [];
  for (const part of parts) {
    if (part.length < 2) continue;
    const members = new Set(part);
    const covered = new Set<number>();
    for (const node of part) {
      if (covered.has(node)) continue;
      // The walk goes from a node to what it needs; the path reads the other way.
      const [first, ...rest] = cycleThrough(node, members, needs);
      const cycle = [first!, ...rest.reverse()];
      cycle.forEach(each => covered.add(each));
      // Told from its topmost node.
      const top = cycle.indexOf(Math.min(...cycle));
      cycles.push([...cycle.slice(top), ...cycle.slice(0, top)]);
    }
  }
  return cycles.sort((a, b) => a[0]! - b[0]!);
}

/** All nodes so that each comes after what it needs, else as they stand; a cycle's nodes together, as they stand. */
export function orderOf(needs: Needs, parts: readonly (readonly number[])[]): number[] {
  const partOf = new Array<number>(needs.length).fill(0);
  parts.forEach((part, index) => part.forEach(node => (partOf[node] = index)));
  const sorted = parts.map((_, index) => index).sort((a, b) => parts[a]![0]! - parts[b]![0]!);
  const done = new Set<number>();
  const order: number[] = [];
  /** What a part needs comes right before it, so that as few nodes as may be leave their place. */
  const place = (first: number): void => {
    const path = [first];
    for (let part = path.at(-1); part !== undefined; part = path.at(-1)) {
      const missing = parts[part]!.flatMap(node => [...needs[node]!])
        .map(node => partOf[node]!)
        .filter(other => other !== part && !done.has(other));
      if (missing.length > 0) {
        path.push(missing.reduce((a, b) => (parts[a]![0]! < parts[b]![0]! ? a : b)));
        continue;
      }
      path.pop();
      if (done.has(part)) continue;
      done.add(part);
      order.push(...parts[part]!);
    }
  };
  for (const part of sorted) if (!done.has(part)) place(part);
  return order;
}
