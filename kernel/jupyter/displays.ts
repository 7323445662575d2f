/** Shows bundles in the running cell's output, and replaces those that have an id. */
import { METADATA, type MimeBundle } from '../../common/host.js';
import type { Outbox } from './outbox.js';
import type { Request } from './port.js';
import type { Json } from './wire.js';

export class Displays {
  /** Display id -> which run of which cell showed it. */
  private readonly shown = new Map<string, { run: string; cell: string }>();
  private run = '';
  private cell = '';

  constructor(private readonly outbox: Outbox) {}

  begin(request: Request): void {
    this.run = request.header.msg_id;
    const { cellId } = request.metadata;
    this.cell = typeof cellId === 'string' ? cellId : String(request.content.code);
  }

  show(data: MimeBundle, metadata: Json = data[METADATA] ?? {}, id?: string): void {
    if (id === undefined) return this.outbox.publish('display_data', { data, metadata, transient: {} });
    const last = this.shown.get(id);
    // A cell that runs again has lost its output: then there is nothing to replace.
    const again = last !== undefined && last.cell === this.cell && last.run !== this.run;
    this.write(data, metadata, id, last !== undefined && !again);
  }

  write(data: MimeBundle, metadata: Json, id: string | undefined, update: boolean): void {
    if (id !== undefined && !update) this.shown.set(id, { run: this.run, cell: this.cell });
    const transient = id === undefined ? {} : { display_id: id };
    this.outbox.publish(update ? 'update_display_data' : 'display_data', { data, metadata, transient });
  }

  clear(wait: boolean): void {
    this.outbox.publish('clear_output', { wait });
  }
}
