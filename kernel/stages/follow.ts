/** Tells the program's host, where there is one, who knows what the cache has for cells and draws values small. */
import { currentHost } from '../../common/host.js';
import { planCalls, type CellPlanner, type ValueLooker } from '../../common/dataflow/index.js';
import { planStages } from './plan.js';
import { Value } from './values/value.js';

const look: ValueLooker = value => (value instanceof Value ? value.view() : undefined);

/** A cell is cached when the cache has what each stage that it calls would make. */
const plan: CellPlanner = async cells => {
  const calls = planCalls(cells);
  const found = await planStages(calls);
  const whole = new Map<string, number | undefined>();
  calls.forEach(({ cell }, i) => {
    const { cached, seconds = 0 } = found[i]!;
    const before = whole.has(cell) ? whole.get(cell) : 0;
    whole.set(cell, cached && before !== undefined ? before + seconds : undefined);
  });
  return [...whole].flatMap(([cell, seconds]) => (seconds === undefined ? [] : [{ cell, seconds }]));
};

export function followCells(): void {
  currentHost()?.followCells(plan, look);
}
