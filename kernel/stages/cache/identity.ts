/**
 * Which values live in this program, so that the same value is not made twice: what is remembered of data and of views
 * goes by the object. Nothing is held: a value that nobody else holds any more is gone.
 *
 * The same is what holds the same and was made in the same way, it and all that it refers to: a view tells the
 * parameters, and so another call that happens to give the same content makes another value.
 */
import { contentHash, type Hashable } from '../../store/index.js';
import type { Provenance, Value } from '../values/value.js';
import { livingOf } from './known.js';

/** @param refers identities of the values that it refers to */
export function identityOf(
  digest: string,
  made: Provenance | undefined,
  aside: Readonly<Record<string, string>> | undefined,
  refers: readonly string[]
): string {
  // Not when, and not how long it took.
  const { time: _, seconds: _s, device: _d, cached: _c, ...rest } = made ?? ({} as Provenance);
  return contentHash({ digest, made: rest as unknown as Hashable, aside, refers: [...refers].sort() });
}

/** @throws Unkeepable */
export function identityOfLiving(value: Value): string {
  const { digest, aside, parts } = livingOf(value);
  return identityOf(digest, value.provenance, aside, parts.map(identityOfLiving));
}

const alive = new Map<string, { digest: string; value: WeakRef<Value> }>();

const collected = new FinalizationRegistry<{ identity: string; value: WeakRef<Value> }>(held => {
  if (alive.get(held.identity)?.value === held.value) alive.delete(held.identity);
});

/** From now on this is the value of that identity, unless there is one already. */
export function nameAlive(identity: string, digest: string, value: Value): void {
  if (alive.get(identity)?.value.deref()) return;
  const weak = new WeakRef(value);
  alive.set(identity, { digest, value: weak });
  collected.register(value, { identity, value: weak });
}

export function aliveAs(identity: string): Value | undefined {
  return alive.get(identity)?.value.deref();
}

/** Digests of all values that live. */
export function aliveDigests(): Set<string> {
  return new Set([...alive.values()].filter(({ value }) => value.deref()).map(({ digest }) => digest));
}

/** As if the program had begun anew, for tests: what is asked for next is read again. */
export function forgetAlive(): void {
  alive.clear();
}
