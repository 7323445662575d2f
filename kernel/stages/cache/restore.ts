/**
 * Makes values again from what was kept of them. Where the call has a value at hand, as an input or within one, or where
 * it still lives in this program, it is that one.
 */
import { Damaged, readValue, unpack, type Cache, type Entry } from '../../store/index.js';
import { revive } from '../values/revive.js';
import type { Provenance, Value } from '../values/value.js';
import { aliveAs, aliveDigests, identityOf, identityOfLiving, nameAlive } from './identity.js';
import { closureOf, noteLiving } from './known.js';

/** The call that is answered. */
export interface Answered {
  readonly inputs: Readonly<Record<string, Value | undefined>>;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Told {
  readonly made?: Provenance;
  readonly aside?: Readonly<Record<string, string>>;
  readonly refers: readonly string[];
}

/** What the entry says of a value; of the call's own, in terms of this call, which may tell another place of the same. */
function toldOf(entry: Entry, digest: string, params: Answered['params']): Told {
  const told = entry.values[digest];
  if (!told) throw new Damaged('its entry does not tell of all its values');
  const made = told.made as unknown as Provenance | undefined;
  const aside = told.aside as Told['aside'];
  const refers = told.refers ?? [];
  if (digest !== entry.digest || made?.stage !== entry.stage) return { made, aside, refers };
  return {
    made: { ...made, params },
    aside: aside && { ...aside, ...placesIn(aside, params) },
    refers
  };
}

/** What the parameters say under names that are told aside, e.g. the path that tables were read from. */
function placesIn(aside: Record<string, string>, params: Answered['params']): Record<string, string> {
  const names = Object.keys(aside).filter(name => typeof params[name] === 'string');
  return Object.fromEntries(names.map(name => [name, params[name] as string]));
}

function restoring(
  cache: Cache,
  entry: Entry,
  { inputs, params }: Answered
): (digest: string) => Promise<Value> {
  const given = Object.values(inputs).flatMap(value => (value ? closureOf(value) : []));
  const atHand = new Map(given.map(({ digest, value }) => [digest, value]));
  // What the call made is not what it was given, though it may hold the same.
  atHand.delete(entry.digest);
  const identity = (digest: string): string => {
    const value = atHand.get(digest);
    if (value) return identityOfLiving(value);
    const { made, aside, refers } = toldOf(entry, digest, params);
    return identityOf(digest, made, aside, refers.map(identity));
  };
  const read = async (digest: string): Promise<Value> => {
    const found = atHand.get(digest) ?? aliveAs(identity(digest));
    if (found) return found;
    const { made, aside } = toldOf(entry, digest, params);
    const { kind, id, packed, files } = await readValue(cache.layout, digest);
    const parts: Value[] = [];
    const content = await unpack(packed, async name => {
      const part = await restore(name);
      parts.push(part);
      return part;
    });
    const value = revive(kind, content, aside ?? {});
    if (value.id !== id) throw new Damaged(`the value ${digest} has the id ${value.id} in place of ${id}`);
    noteLiving(value, files, parts);
    if (made) value.setProvenance({ ...made, cached: true });
    nameAlive(identity(digest), digest, value);
    return value;
  };
  const values = new Map<string, Promise<Value>>();
  const restore = (digest: string): Promise<Value> => {
    let value = values.get(digest);
    if (!value) values.set(digest, (value = read(digest)));
    return value;
  };
  return restore;
}

/** @throws Damaged */
export async function restoreResult(cache: Cache, entry: Entry, call: Answered): Promise<Value> {
  try {
    const passed = entry.passes === undefined ? undefined : call.inputs[entry.passes];
    const value = passed ?? (await restoring(cache, entry, call)(entry.digest));
    await cache.hold(aliveDigests()).catch(() => undefined);
    return value;
  } catch (error) {
    // Hashes are checked before anything is made: what fails all the same was written by another hand.
    throw error instanceof Damaged ? error : new Damaged(`it cannot be made again (${String(error)})`);
  }
}
