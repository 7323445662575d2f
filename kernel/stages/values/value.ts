/**
 * The base of all values that stages make: immutable, identified by what they hold, able to show themselves
 * and to be saved. What a value holds is in its subclasses.
 */
import { type Table, tableToIPC } from 'apache-arrow';
import type { ValueKind } from '../../../common/stage.js';
import { DISPLAY, type MimeBundle } from '../../../common/host.js';
import type { ViewPayload } from '../../../common/views/payload.js';
import { writeWhole } from '../../store/index.js';
import { bundle } from '../../views/index.js';

/** How a value came to be. Times and devices are told here and nowhere else: they are not part of the id. */
export interface Provenance {
  stage: string;
  version: number;
  params: Readonly<Record<string, unknown>>;
  /** Ids of the inputs by port. */
  inputs: Readonly<Record<string, string>>;
  seed?: number;
  device?: string;
  /** When it was made, ISO 8601, and how long that took in seconds. */
  time: string;
  seconds: number;
}

export abstract class Value {
  abstract readonly kind: ValueKind;
  /** Content hash: equal ids mean equal content. */
  abstract readonly id: string;
  /** Id of the Data that this value belongs to, where it belongs to one: inputs of a stage must agree on it. */
  get dataId(): string | undefined {
    return undefined;
  }
  #provenance?: Provenance;

  /** How the value was made; absent for a value built by hand. */
  get provenance(): Provenance | undefined {
    return this.#provenance;
  }

  /** Set once, by the stage that made the value. */
  setProvenance(provenance: Provenance): this {
    this.#provenance ??= Object.freeze(provenance);
    return this;
  }

  /** The value as an Apache Arrow table, one row a unit of the value. */
  abstract toArrow(): Table;

  /** What the value shows of itself. */
  abstract view(): ViewPayload;

  /** Writes the Arrow table as an IPC file, whole or not at all. */
  async save(path: string): Promise<void> {
    await writeWhole(path, tableToIPC(this.toArrow(), 'file'));
  }

  async [DISPLAY](): Promise<MimeBundle> {
    return bundle(this.view());
  }

  /** One line, for `console.log` and error messages. */
  abstract toString(): string;

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
