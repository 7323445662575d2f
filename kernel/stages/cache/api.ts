/** `hysim.cache`: what a person can ask and do about kept results. */
import { CacheError } from '../../../common/errors.js';
import {
  isHash,
  listEntries,
  parseBytes,
  pin,
  pinnedIds,
  readValue,
  unpin,
  type Cache,
  type ListedEntry
} from '../../store/index.js';
import { Value } from '../values/value.js';
import { bytesInWords, CacheListing, type CachedResult } from './listing.js';
import { askLimit, cacheHere, currentLimit } from './settings.js';

export interface ClearOptions {
  /** Results of this stage alone. */
  stage?: string;
  /** Results that were not used since this moment, or for this many days. */
  olderThan?: Date | number;
}

function resultOf(
  { entry, used }: ListedEntry,
  pinned: ReadonlySet<string>,
  damage?: string
): CachedResult | undefined {
  const value = entry?.values[entry.digest];
  if (!entry || !value) return undefined;
  const { stage, version, seconds, at } = entry;
  const { kind, id, bytes } = value;
  const own = { kind, id, bytes, made: new Date(at), used: new Date(used), pinned: pinned.has(id) };
  return { stage, version, seconds, ...own, ...(damage === undefined ? {} : { damage }) };
}

/** An entry that cannot be read tells nothing but that it is there. */
function unreadable({ key, used }: ListedEntry): CachedResult {
  const date = new Date(used);
  const words = 'its entry is not what was written';
  const none = { version: 0, kind: '?', bytes: 0, seconds: 0, made: date, used: date, pinned: false };
  return { stage: '?', id: key, ...none, damage: words };
}

async function listing(
  cache: Cache,
  title: string,
  words: (results: readonly CachedResult[], size: string) => string,
  look: (listed: ListedEntry) => Promise<string | undefined> = async () => undefined
): Promise<CacheListing> {
  const [listed, pinned, size] = await Promise.all([
    listEntries(cache.layout),
    pinnedIds(cache.layout),
    cache.size()
  ]);
  const results: CachedResult[] = [];
  for (const one of listed.reverse()) results.push(resultOf(one, pinned, await look(one)) ?? unreadable(one));
  return new CacheListing(title, words(results, bytesInWords(size)), results, size);
}

/** The value's id from a value, an id, or its first digits as `list` shows them. @throws CacheError */
async function idOf(cache: Cache, given: Value | string): Promise<string> {
  if (given instanceof Value) return given.id;
  const digits = String(given);
  const known = new Set(
    (await listEntries(cache.layout)).flatMap(({ entry }) => entry?.values[entry.digest]?.id ?? [])
  );
  for (const id of await pinnedIds(cache.layout)) known.add(id);
  const found = [...known].filter(id => digits.length >= 4 && id.startsWith(digits));
  if (found.length === 1) return found[0]!;
  throw new CacheError(
    found.length === 0
      ? `No kept result has an id that begins with "${digits}". \`await hysim.cache.list()\` shows them.`
      : `${found.length} kept results have ids that begin with "${digits}". Give more of its digits.`
  );
}

async function changing<T>(cache: Cache, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CacheError(`${cache.folder} cannot be changed (${code}). Make the folder writable.`);
  }
}

/**
 * The results that stages have kept beside the notebook, in `.hysim/cache`. A stage that is called with the same
 * parameters on the same inputs takes its result from there. `HYSIM_CACHE=off` in the environment switches that off.
 */
export interface ResultCache {
  /** The folder, which need not be there yet. */
  readonly folder: string;
  /**
   * Bytes that the folder may take; 4 GB, or what HYSIM_CACHE_LIMIT says. Set it to a number of bytes or to a text
   * such as "500 MB" for this program; results that were used longest ago go when the next one is kept.
   */
  get limit(): number;
  set limit(bytes: number | string);
  /** Bytes that are taken now. */
  size(): Promise<number>;
  /** Every kept result, the one that was used last first. */
  list(): Promise<CacheListing>;
  /** Reads every kept result and checks it against its hash. Damaged ones are computed again when they are asked for. */
  verify(): Promise<CacheListing>;
  /**
   * Never removes this result to make room. @param valueOrId a value, its id, or the first digits of it
   * @throws CacheError when nothing has that id
   */
  pin(valueOrId: Value | string): Promise<string>;
  /** Lets a pinned result go again when its room is needed. @throws CacheError when nothing has that id */
  unpin(valueOrId: Value | string): Promise<string>;
  /**
   * Removes kept results: all, or those of a stage, or those that were not used for long. What is pinned stays, and
   * what another open notebook has at this moment. Variables keep their values.
   */
  clear(options?: ClearOptions): Promise<string>;
}

export const cache: ResultCache = {
  get folder(): string {
    return cacheHere().folder;
  },

  get limit(): number {
    return currentLimit();
  },
  set limit(bytes: number | string) {
    const parsed = parseBytes(String(bytes));
    if (parsed === undefined)
      throw new CacheError(`${bytes} is no size. Give a number of bytes, or e.g. "500 MB" or "4 GB".`);
    askLimit(parsed);
  },

  async size() {
    return cacheHere().size();
  },

  async list() {
    return listing(
      cacheHere(),
      'Kept results',
      (results, size) =>
        `${results.length} results, ${size} of at most ${bytesInWords(currentLimit())}, in ${cacheHere().folder}`
    );
  },

  async verify() {
    const here = cacheHere();
    const checked = new Map<string, Promise<string | undefined>>();
    const check = (digest: string): Promise<string | undefined> =>
      readValue(here.layout, digest).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error))
      );
    return listing(
      here,
      'Kept results, checked',
      results => {
        const bad = results.filter(({ damage }) => damage !== undefined).length;
        return bad === 0
          ? `${results.length} results are what was written`
          : `${bad} of ${results.length} results are damaged and will be computed again`;
      },
      async ({ entry }) => {
        for (const digest of Object.keys(entry?.values ?? {})) {
          if (!checked.has(digest)) checked.set(digest, check(digest));
          const damage = await checked.get(digest);
          if (damage !== undefined) return damage;
        }
        return undefined;
      }
    );
  },

  async pin(valueOrId) {
    const here = cacheHere();
    const id = await idOf(here, valueOrId);
    if (!isHash(id)) throw new CacheError(`"${id}" is not the id of a value that a stage made.`);
    await changing(here, () => pin(here.layout, id));
    return `Pinned ${id}.`;
  },

  async unpin(valueOrId) {
    const here = cacheHere();
    const id = await idOf(here, valueOrId);
    return (await unpin(here.layout, id)) ? `${id} is no longer pinned.` : `${id} was not pinned.`;
  },

  async clear({ stage, olderThan } = {}) {
    const here = cacheHere();
    const before = await here.size();
    const since =
      olderThan === undefined
        ? Infinity
        : olderThan instanceof Date
          ? olderThan.getTime()
          : Date.now() - olderThan * 24 * 3600 * 1000;
    if (Number.isNaN(since)) throw new CacheError('olderThan must be a date or a number of days.');
    const wanted = ({ entry, used }: ListedEntry): boolean =>
      used <= since && (stage === undefined || entry?.stage === stage);
    const matching = (await listEntries(here.layout)).filter(wanted).length;
    const { entries, size } = await here.clear(wanted);
    const stay = matching - entries.length;
    const said = `${entries.length} results removed, ${bytesInWords(before - size)} freed`;
    return stay > 0 ? `${said}; ${stay} stay, pinned or in use by another notebook.` : `${said}.`;
  }
};
