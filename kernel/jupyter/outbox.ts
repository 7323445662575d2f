/**
 * What the main thread says to front ends. Content becomes JSON here, so that a mistake in it is an error of
 * the cell that made it. Printed text is gathered for a few milliseconds, and always leaves before anything
 * that comes after it.
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Buffers } from '../cell/index.js';
import { OutputLimit } from './limit.js';
import { currentOrigin, type Origin } from './origin.js';
import type { OutChannel, Request, ToIo } from './port.js';
import type { Header, Json } from './wire.js';

/** Characters of printed text that are sent at once rather than gathered. */
const BATCH = 32_768;
/** Milliseconds that printed text may wait. */
const DELAY = 20;

export type StreamName = 'stdout' | 'stderr';

/** A copy: what the caller does to its bytes afterwards is not sent. */
function bytes(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice()
    : new Uint8Array(buffer).slice();
}

export class Outbox {
  readonly limit = new OutputLimit();
  /** The running cell, or the last one: for output of which nobody knows who caused it. */
  last: Origin | undefined;
  private gathered = '';
  private name: StreamName = 'stdout';
  private origin: Origin | undefined;
  private since = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly io: Worker | MessagePort) {}

  /** The cell that caused what runs now. */
  get cause(): Origin | undefined {
    return currentOrigin() ?? this.last;
  }

  /** Publishes to every front end, under `parent` or the cell that caused it. */
  publish(
    type: string,
    content: Json,
    options: { parent?: Header | null; metadata?: Json; buffers?: Buffers; topic?: string } = {}
  ): void {
    this.flush();
    const { parent = this.cause?.header ?? null, metadata, buffers, topic = type } = options;
    this.post('iopub', [Buffer.from(topic)], type, content, parent, metadata, buffers);
  }

  status(state: 'busy' | 'idle', parent: Header): void {
    this.publish('status', { execution_state: state }, { parent });
  }

  reply(request: Request, content: Json): void {
    this.flush();
    const type = request.header.msg_type.replace('_request', '_reply');
    this.post(request.channel, request.identities, type, content, request.header);
  }

  /** Asks on the stdin channel of whoever sent `request`. */
  ask(request: Request, content: Json): void {
    this.flush();
    this.post('stdin', request.identities, 'input_request', content, request.header);
  }

  barrier(id: number): void {
    this.io.postMessage({ kind: 'barrier', id } satisfies ToIo);
  }

  print(name: StreamName, text: string, origin: Origin | undefined = this.cause): void {
    if (name !== this.name || origin !== this.origin) this.flush();
    this.name = name;
    this.origin = origin;
    const sent = origin ? this.limit.take(origin, text) : text;
    if (sent === '') return;
    this.gathered += sent;
    const now = performance.now();
    if (!this.timer) {
      this.since = now;
      this.timer = setTimeout(() => this.flush(), DELAY);
    }
    // A loop that never yields would starve the timer.
    if (this.gathered.length > BATCH || now - this.since > DELAY) this.flush();
  }

  /** The cell has ended: says what was left out of its output. */
  summarize(origin: Origin): void {
    this.flush();
    const text = this.limit.summary(origin);
    if (text) this.post('iopub', [Buffer.from('stream')], 'stream', { name: 'stderr', text }, origin.header);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.gathered;
    if (!text) return;
    this.gathered = '';
    this.post(
      'iopub',
      [Buffer.from('stream')],
      'stream',
      { name: this.name, text },
      this.origin?.header ?? null
    );
  }

  private post(
    channel: OutChannel,
    identities: Uint8Array[],
    type: string,
    content: Json,
    parent: Header | null,
    metadata?: Json,
    buffers?: Buffers
  ): void {
    const message = {
      identities,
      type,
      content: JSON.stringify(content),
      metadata: JSON.stringify(metadata ?? {}),
      parent,
      buffers: (buffers ?? []).map(bytes)
    };
    const transfer = message.buffers.map(buffer => buffer.buffer as ArrayBuffer);
    this.io.postMessage({ kind: 'send', channel, message } satisfies ToIo, transfer);
  }
}
