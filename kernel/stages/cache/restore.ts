/** Makes values again from what was kept of them; one that still lives in this program is that one. */
import { Damaged, readValue, unpack, type Cache, type Entry } from '../../store/index.js';
import { revive } from '../values/revive.js';
import type { Provenance, Value } from '../values/value.js';
import { aliveAs, aliveDigests, identityOf, nameAlive } from './identity.js';
import { noteLiving } from './known.js';

/**
 * @param aside what this call says of the value beside its content, in place of what an earlier one said
 * @param params of this call, which may tell another place of the same content
 * @throws Damaged
 */
export async function restoreResult(
  cache: Cache,
  entry: Entry,
  params: Readonly<Record<string, unknown>>
): Promise<Value> {
  const made = new Map<string, Promise<Value>>();
  const restore = (digest: string): Promise<Value> => {
    let value = made.get(digest);
    if (!value) made.set(digest, (value = restoreOne(digest)));
    return value;
  };
  const restoreOne = async (digest: string): Promise<Value> => {
    const told = entry.values[digest];
    if (!told) throw new Damaged('its entry does not tell of all its values');
    let provenance = told.made as unknown as Provenance | undefined;
    let aside = told.aside as Readonly<Record<string, string>> | undefined;
    if (digest === entry.digest && entry.own) {
      provenance = provenance && { ...provenance, params };
      aside = aside && { ...aside, ...placesIn(aside, params) };
    }
    const identity = identityOf(digest, provenance, aside);
    const living = aliveAs(identity);
    if (living) return living;
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
    if (provenance) value.setProvenance({ ...provenance, cached: true });
    nameAlive(identity, digest, value);
    return value;
  };
  try {
    const value = await restore(entry.digest);
    await cache.hold(aliveDigests()).catch(() => undefined);
    return value;
  } catch (error) {
    // Hashes are checked before anything is made: what fails all the same was written by another hand.
    throw error instanceof Damaged ? error : new Damaged(`it cannot be made again (${String(error)})`);
  }
}

/** What the parameters say under names that are told aside, e.g. the path that tables were read from. */
function placesIn(
  aside: Readonly<Record<string, string>>,
  params: Readonly<Record<string, unknown>>
): Record<string, string> {
  const names = Object.keys(aside).filter(name => typeof params[name] === 'string');
  return Object.fromEntries(names.map(name => [name, params[name] as string]));
}
