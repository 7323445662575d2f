/**
 * The base of all values that stages make: immutable, identified by what they hold, able to show themselves
 * and to be saved. What a value holds is in its subclasses.
 */
import { type Table, tableToIPC } from 'apache-arrow';
import type { ValueKind } from '../../../common/stage.js';
import { DISPLAY, SUMMARY, type MimeBundle, type Summarized } from '../../../common/host.js';
import type { ViewPayload } from '../../../common/views/payload.js';
import { writeWhole } from '../../store/index.js';
import { showLive } from '../live/show.js';
import type { Data } from './data.js';
import type { Extent } from './extent.js';
import { PARTS, type Parts } from './parts.js';

/** How a value came to be. Times and devices are told here and nowhere else: they are not part of the id. */
export interface Provenance {
  stage: string;
  version: number;
  params: Readonly<Record<string, unknown>>;
  /** Ids of the inputs by port. */
  inputs: Readonly<Record<string, string>>;
  seed?: number;
  device?: string;
  /** Whether the same call gives the same bits again. */
  deterministic: boolean;
  /** How a person ended it before it was done, in words; absent where nobody did. */
  endedEarly?: string;
  /** When it was made, ISO 8601, and how long that took in seconds. */
  time: string;
  seconds: number;
  /** Whether it was read from the cache; time and seconds are then those of its making. */
  cached?: boolean;
}

/** Whose rows a value's views tell of. */
export interface Told {
  readonly data: Data;
  /** Whether folds V and U are kept out of these views, so that nothing of them may be asked for either. */
  readonly openFolds: boolean;
}

/** How a value's stage tries other parameters on the same inputs. */
export interface Tuning {
  readonly stage: string;
  /** Every parameter as the stage filled it in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Those that may be tried, in the order in which they are offered. */
  readonly names: readonly string[];
  /**
   * The value as it would be with these parameters changed, on folds F and C alone: good to be drawn and for nothing
   * else. @throws ParameterError, DataError, CancelledError
   */
  probe(changes: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Value>;
}

export abstract class Value {
  abstract readonly kind: ValueKind;
  /** Content hash: equal ids mean equal content. */
  abstract readonly id: string;
  /** Id of the Data that this value belongs to, where it belongs to one: inputs of a stage must agree on it. */
  get dataId(): string | undefined {
    return undefined;
  }
  /** Whose rows this value's views tell of; undefined where they tell of none. */
  get told(): Told | undefined {
    return undefined;
  }
  #provenance?: Provenance;
  #tuning?: Tuning;

  /** How the value was made; absent for a value built by hand. */
  get provenance(): Provenance | undefined {
    return this.#provenance;
  }

  /** Set once, by the stage that made the value. */
  setProvenance(provenance: Provenance): this {
    this.#provenance ??= Object.freeze(provenance);
    return this;
  }

  /** How to try other parameters; absent where the stage that made the value offers none. */
  get tuning(): Tuning | undefined {
    return this.#tuning;
  }

  /** Set once, by the stage that made the value. */
  setTuning(tuning: Tuning): this {
    this.#tuning ??= tuning;
    return this;
  }

  /** What it is made of; nothing for a class that nobody could make again from it. */
  [PARTS](): Parts | undefined {
    return undefined;
  }

  /** The value as an Apache Arrow table, one row a unit of the value. */
  abstract toArrow(): Table;

  /** What the value shows of itself: an even subsample of its rows, or with extent "all" every one of them. */
  abstract view(extent?: Extent): ViewPayload;

  /** Writes the Arrow table as an IPC file, whole or not at all. */
  async save(path: string): Promise<void> {
    await writeWhole(path, tableToIPC(this.toArrow(), 'file'));
  }

  async [DISPLAY](): Promise<MimeBundle> {
    return showLive(this, 'view', (value, extent) => value.view(extent));
  }

  /** What graphs of cells say of it. */
  [SUMMARY](): ReturnType<Summarized[typeof SUMMARY]> {
    const { id, kind } = this;
    const words = this.toString().split('\n', 1)[0]!;
    const summary = words.slice(words.indexOf(':') + 1).trim();
    return { id, kind, summary, ...(this.provenance?.cached ? { cached: true } : {}) };
  }

  /** One line, for `console.log` and error messages. */
  abstract toString(): string;

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
