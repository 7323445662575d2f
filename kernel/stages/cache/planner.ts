/**
 * What calls would find in the cache if they were made, one after another: nothing is run and no value is read. The key
 * of a call is made of its inputs' digests, and an entry tells the digest of what its call gave; so a whole notebook is
 * looked up from its files on.
 */
import type { TObject } from '@sinclair/typebox';
import { HySimError } from '../../../common/errors.js';
import { Damaged, Unkeepable, type Cache, type Entry } from '../../store/index.js';
import { fillParameters } from '../define/validate.js';
import type { Value } from '../values/value.js';
import { keyOf, type Keeping, type KnownInputs } from './key.js';
import { livingOf, type Known } from './known.js';
import { currentCache } from './settings.js';

/** A stage as a plan sees it. */
export interface Plannable {
  readonly name: string;
  readonly params: TObject;
  readonly keeping?: Keeping<Record<string, unknown>>;
}

/** Where an input comes from: what an earlier step of the plan gives, or a value that is there. */
export type PlannedInput = { readonly step: number } | { readonly value: Value };

export interface PlannedStep {
  /** Undefined for a stage that is not known. */
  readonly stage: Plannable | undefined;
  /** By port; a port whose input is unknown is there with `undefined`, one that is left out is absent. */
  readonly inputs: Readonly<Record<string, PlannedInput | undefined>>;
  /** Parameters as the call gives them; undefined where they are only known when it runs. */
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

export interface Planned {
  /** Whether the call would take its result from the cache. */
  readonly cached: boolean;
  /** Id of the value that it would give. */
  readonly id?: string;
  /** How long it took to compute, in seconds, and when that was, ISO 8601. */
  readonly seconds?: number;
  readonly at?: string;
  /** Bytes of the value itself. */
  readonly bytes?: number;
}

const UNKNOWN: Planned = { cached: false };

/** What the entry says of the value that its call gave. */
function knownFrom(
  { digest, values, passes }: Entry,
  inputs: KnownInputs,
  params: Readonly<Record<string, unknown>>
): Known {
  const { kind, id, facts = {} } = values[digest]!;
  return (passes === undefined ? undefined : inputs[passes]) ?? { kind, id, digest, facts, params };
}

async function look(
  cache: Cache,
  { stage, inputs, params }: PlannedStep,
  before: readonly (Known | undefined)[]
): Promise<{ known: Known; planned: Planned } | undefined> {
  if (!stage?.keeping || !params) return undefined;
  const known: Record<string, Known> = {};
  for (const [port, input] of Object.entries(inputs)) {
    const found = input && ('value' in input ? livingOf(input.value) : before[input.step]);
    if (!found) return undefined;
    known[port] = found;
  }
  const filled = fillParameters<Record<string, unknown>>(stage.name, stage.params, params);
  const key = await keyOf(stage.keeping, known as KnownInputs, filled);
  const entry = await cache.find(key);
  if (!entry || !(await cache.isWhole(entry))) return undefined;
  const { id, bytes } = entry.values[entry.digest]!;
  const { seconds, at } = entry;
  return { known: knownFrom(entry, known, filled), planned: { cached: true, id, bytes, seconds, at } };
}

/** Whether it says something of the calls or the disk, and not of a defect of ours. */
function isExplained(error: unknown): boolean {
  const known = error instanceof HySimError || error instanceof Damaged || error instanceof Unkeepable;
  return known || (error as NodeJS.ErrnoException).code !== undefined;
}

/** One answer a step, in their order. A step that could not be called as it stands is not in the cache. */
export async function planSteps(steps: readonly PlannedStep[]): Promise<Planned[]> {
  const cache = currentCache();
  const known: (Known | undefined)[] = [];
  const planned: Planned[] = [];
  for (const step of steps) {
    let found: Awaited<ReturnType<typeof look>>;
    try {
      found = cache && (await look(cache, step, known));
    } catch (error) {
      // Parameters that the stage refuses, files that are not there, a damaged entry: the run has the words for it.
      if (!isExplained(error)) throw error;
    }
    known.push(found?.known);
    planned.push(found?.planned ?? UNKNOWN);
  }
  return planned;
}
