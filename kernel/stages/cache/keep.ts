/** Keeps what a call gave, with all that it refers to. */
import type { Cache, Prepared } from '../../store/index.js';
import type { Value } from '../values/value.js';
import { aliveDigests, identityOfLiving, nameAlive } from './identity.js';
import { closureOf, livingOf, prepareValue } from './known.js';

export interface Call {
  readonly key: string;
  readonly stage: string;
  readonly version: number;
  readonly seconds: number;
  /** The input that it passed on, where it made nothing itself. */
  readonly passes?: string;
}

/**
 * @param anew writes over what is there, which is damaged
 * @throws Unkeepable, or the file system's error
 */
export async function keepResult(
  cache: Cache,
  call: Call,
  value: Value,
  limit: number,
  anew: boolean
): Promise<void> {
  let fresh: Prepared | undefined;
  const closure = closureOf(value, prepared => (fresh = prepared));
  const { digest } = closure.at(-1)!;
  for (const { value: one, digest } of closure) nameAlive(identityOfLiving(one), digest, one);
  // Said before anything is written, so that nobody removes it meanwhile.
  await cache.hold(aliveDigests());
  await cache.keep(
    {
      entry: { ...call, digest, at: new Date().toISOString() },
      values: closure.map(({ kind, id, files, facts, aside, parts, value: one }) => ({
        ...{ kind, id, files, facts: { ...facts }, aside },
        refers: parts.map(part => livingOf(part).digest),
        made: one.provenance && withoutCached({ ...one.provenance }),
        prepared: () => (fresh?.digest === files.digest ? fresh : prepareValue(one).prepared)
      }))
    },
    limit,
    anew
  );
}

function withoutCached({ cached: _, ...made }: Record<string, unknown>): Record<string, unknown> {
  return made;
}
