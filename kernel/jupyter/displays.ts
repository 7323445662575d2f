/** Shows bundles in the output of the cell that made them, and replaces those that have an id. */
import { METADATA, type MimeBundle } from '../../common/host.js';
import type { Outbox } from './outbox.js';
import type { Json } from './wire.js';

export class Displays {
  /** Display id -> which run of which cell showed it. */
  private readonly shown = new Map<string, { run: string; cell: string }>();

  constructor(private readonly outbox: Outbox) {}

  private here(): { run: string; cell: string } {
    const { cause } = this.outbox;
    return { run: cause?.header.msg_id ?? '', cell: cause?.cell ?? '' };
  }

  show(data: MimeBundle, metadata: Json = data[METADATA] ?? {}, id?: string): void {
    if (id === undefined) return this.write(data, metadata, id, false);
    const last = this.shown.get(id);
    const { cell, run } = this.here();
    // A cell that runs again has lost its output: then there is nothing to replace.
    const again = last !== undefined && last.cell === cell && last.run !== run;
    this.write(data, metadata, id, last !== undefined && !again);
  }

  write(data: MimeBundle, metadata: Json, id: string | undefined, update: boolean): void {
    if (id !== undefined && !update) this.shown.set(id, this.here());
    const transient = id === undefined ? {} : { display_id: id };
    this.outbox.publish(update ? 'update_display_data' : 'display_data', {
      data: this.outbox.limit.bound(data),
      metadata,
      transient
    });
  }

  clear(wait: boolean): void {
    this.outbox.publish('clear_output', { wait: Boolean(wait) });
  }
}
