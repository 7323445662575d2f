/** What a pool runs: a part of a job that can be cut into items. */
import type { Dense } from '../../../common/dense.js';

export interface OpenPart<Item, Result, Rest> {
  /** One item. */
  step(item: Item): Promise<Result> | Result;
  /** What is left when all items are done. */
  finish(): Rest;
}

export interface Part<Name extends string, Input, Item, Result, Rest> {
  name: Name;
  /** Called once in each worker. */
  open(input: Input, dense: Dense): Promise<OpenPart<Item, Result, Rest>> | OpenPart<Item, Result, Rest>;
}

/** Declares a part; the types of its items and results reach the caller of `pool.run(name, ...)`. */
export function definePart<Name extends string, Input, Item, Result, Rest>(
  part: Part<Name, Input, Item, Result, Rest>
): Part<Name, Input, Item, Result, Rest> {
  return part;
}
