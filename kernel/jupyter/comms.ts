/** Comms: two-way channels to the front end, opened from either side, with binary buffers. */
import { randomUUID } from 'node:crypto';
import type { Buffers, Comm, CommMessage } from '../cell/index.js';
import { currentOrigin, onBehalfOf, type Origin } from './origin.js';
import type { Outbox } from './outbox.js';
import type { Request } from './port.js';
import type { Json } from './wire.js';

type Opened = (comm: Comm, message: CommMessage) => void;

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

function toMessage(request: Request): CommMessage {
  return { data: asObject(request.content.data), metadata: request.metadata, buffers: request.buffers };
}

class OpenComm implements Comm {
  closed = false;
  onMessage: Comm['onMessage'];
  onClose: Comm['onClose'];
  /** Whose cell opened it: what its listeners print goes there. */
  readonly origin = currentOrigin();

  constructor(
    readonly id: string,
    readonly target: string,
    private readonly comms: Comms
  ) {}

  send(data: Json, buffers: Buffers = [], metadata: Json = {}): void {
    if (this.closed) throw new Error(`comm ${this.target} is closed: open another`);
    this.comms.outbox.publish('comm_msg', { comm_id: this.id, data }, { buffers, metadata });
  }

  close(data: Json = {}): void {
    if (this.closed) return;
    this.closed = true;
    this.comms.forget(this.id);
    this.comms.outbox.publish('comm_close', { comm_id: this.id, data });
  }
}

export class Comms {
  private readonly open = new Map<string, OpenComm>();
  private readonly targets = new Map<string, { opened: Opened; origin: Origin | undefined }>();

  constructor(readonly outbox: Outbox) {}

  forget(id: string): void {
    this.open.delete(id);
  }

  openComm(target: string, data: Json = {}, buffers: Buffers = []): Comm {
    const comm = new OpenComm(randomUUID(), target, this);
    const content = { comm_id: comm.id, target_name: target, data };
    this.outbox.publish('comm_open', content, { buffers });
    this.open.set(comm.id, comm);
    return comm;
  }

  registerTarget(target: string, opened: Opened): () => void {
    const entry = { opened, origin: currentOrigin() };
    this.targets.set(target, entry);
    return () => {
      if (this.targets.get(target) === entry) this.targets.delete(target);
    };
  }

  knows(target: unknown): boolean {
    return typeof target === 'string' && this.targets.has(target);
  }

  /** Content of comm_info_reply. */
  info(target: unknown): Json {
    const all = [...this.open.values()].filter(comm => !target || comm.target === target);
    const comms = Object.fromEntries(all.map(comm => [comm.id, { target_name: comm.target }]));
    return { status: 'ok', comms };
  }

  /** Acts on comm_open, comm_msg or comm_close. Errors of a listener are the caller's to show. */
  handle(request: Request): void {
    const { content } = request;
    const id = content.comm_id;
    // Nothing can be said to a comm without a name.
    if (typeof id !== 'string' || id === '') return;
    const comm = this.open.get(id);
    switch (request.header.msg_type) {
      case 'comm_open': {
        const target = String(content.target_name);
        const known = this.targets.get(target);
        if (!known) return this.outbox.publish('comm_close', { comm_id: id, data: {} });
        const { opened, origin } = known;
        const added = onBehalfOf(origin, () => new OpenComm(id, target, this));
        this.open.set(id, added);
        try {
          onBehalfOf(origin, () => opened(added, toMessage(request)));
        } catch (error) {
          added.close();
          throw error;
        }
        return;
      }
      case 'comm_msg':
        // Not known: closed here while the message was under way.
        return onBehalfOf(comm?.origin, () => comm?.onMessage?.(toMessage(request)));
      default:
        if (!comm) return;
        comm.closed = true;
        this.open.delete(id);
        return onBehalfOf(comm.origin, () => comm.onClose?.(toMessage(request)));
    }
  }
}
