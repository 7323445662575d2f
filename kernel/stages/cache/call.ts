/**
 * A stage's call by way of the cache: looked up by its key, else run and kept. Whatever is wrong with what was kept, or
 * with keeping, is said, and the call then gives what it gives without a cache: nothing here makes it fail.
 */
import { Damaged, Unkeepable, type Cache } from '../../store/index.js';
import type { Job, JobRecord } from '../define/job.js';
import type { Value } from '../values/value.js';
import { keepResult } from './keep.js';
import { keyOf, type Keeping, type KnownInputs } from './key.js';
import { livingOf } from './known.js';
import { tellOnce, warn, warnOnce } from './notices.js';
import { restoreResult } from './restore.js';
import { currentCache, currentLimit } from './settings.js';

export interface Wanted<P extends object, O extends Value> {
  readonly keeping: Keeping<P>;
  readonly deterministic: boolean;
  readonly inputs: Readonly<Record<string, Value | undefined>>;
  readonly params: P;
  readonly job: Job;
  readonly record: JobRecord;
  run(): Promise<O>;
}

/** The digests of living inputs. @throws Unkeepable for one that could not be kept */
export function knownInputs(inputs: Readonly<Record<string, Value | undefined>>): KnownInputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([port, value]) => [port, value && livingOf(value)] as const)
  );
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Finds the key of the call, or says why it has none. */
async function keyFor<P extends object, O extends Value>(
  { keeping, inputs, params }: Wanted<P, O>,
  again = false
): Promise<string | undefined> {
  try {
    return await keyOf(keeping, knownInputs(inputs), params);
  } catch (error) {
    // A file that is not there is the run's to report, in the stage's own words.
    if (error instanceof Unkeepable && !again)
      tellOnce(
        `inputs of ${keeping.stage}`,
        `${keeping.stage}: its results are not kept, since ${error.message}.`
      );
    return undefined;
  }
}

async function find<O extends Value>(
  cache: Cache,
  key: string,
  { keeping, inputs, params, deterministic, record, job }: Wanted<{}, O>
): Promise<O | 'absent' | 'damaged'> {
  try {
    const entry = await cache.find(key);
    if (!entry) return 'absent';
    const call = { inputs, params: params as Record<string, unknown> };
    const value = (await restoreResult(cache, entry, call)) as O;
    await cache.used(key);
    record.message = 'from the cache';
    if (!deterministic)
      tellOnce(
        `reuse of ${keeping.stage}`,
        `${keeping.stage}: the result of ${entry.at} is used again; running it anew may give another.`
      );
    return value;
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    const what = `${keeping.stage}: a kept result is damaged (${error.message}); it is computed again`;
    job.progress(0, what);
    record.message = 'computed again: what was kept of it is damaged';
    warn(
      `${what}. Should this come again, check the disk, or empty ${cache.folder} with hysim.cache.clear().`
    );
    return 'damaged';
  }
}

function notKept(cache: Cache, stage: string, error: unknown): void {
  if (error instanceof Unkeepable)
    return tellOnce(`results of ${stage}`, `${stage}: its results are not kept, since ${reason(error)}.`);
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EROFS' || code === 'EPERM'
        ? 'the folder cannot be written'
        : reason(error);
  warnOnce(
    `${cache.folder} ${code}`,
    `Results are not kept in ${cache.folder}: ${why}. The analysis goes on without; HYSIM_CACHE=off says so on purpose.`
  );
}

export async function throughCache<P extends object, O extends Value>(wanted: Wanted<P, O>): Promise<O> {
  const { keeping, record } = wanted;
  const cache = currentCache();
  const key = cache && (await keyFor(wanted));
  if (!cache || key === undefined) return wanted.run();
  const found = await find(cache, key, wanted);
  if (found !== 'absent' && found !== 'damaged') return found;
  wanted.job.signal.throwIfAborted();
  const begun = performance.now();
  const value = await wanted.run();
  const seconds = (performance.now() - begun) / 1000;
  // What a person ended early is not what the whole call gives.
  if (record.endedEarly !== undefined) return value;
  // A file that changed while it was read: nobody knows which of both the result is of.
  if ((await keyFor(wanted, true)) !== key) {
    record.message = 'not kept: a file that it reads has changed meanwhile';
    return value;
  }
  try {
    const { stage, version } = keeping;
    const passes = Object.keys(wanted.inputs).find(port => wanted.inputs[port] === value);
    const call = { key, stage, version, seconds, passes };
    await keepResult(cache, call, value, currentLimit(), found === 'damaged');
  } catch (error) {
    notKept(cache, keeping.stage, error);
  }
  return value;
}
