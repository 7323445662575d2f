/**
 * What the main thread says to front ends. Content becomes JSON here, so that a mistake in it is an error of
 * the cell that made it. Printed text is gathered for a few milliseconds, and always leaves before anything
 * that comes after it.
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Buffers } from '../cell/index.js';
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
  /** The request whose output is being made: the running cell, or the last one. */
  parent: Header | null = null;
  private gathered = '';
  private name: StreamName = 'stdout';
  private since = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly io: Worker | MessagePort) {}

  /** Publishes to every front end, under `parent` or the running cell. */
  publish(
    type: string,
    content: Json,
    options: { parent?: Header | null; metadata?: Json; buffers?: Buffers; topic?: string } = {}
  ): void {
    this.flush();
    const { parent = this.parent, metadata, buffers, topic = type } = options;
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

  print(name: StreamName, text: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    this.gathered += text;
    const now = performance.now();
    if (!this.timer) {
      this.since = now;
      this.timer = setTimeout(() => this.flush(), DELAY);
    }
    // A loop that never yields would starve the timer.
    if (this.gathered.length > BATCH || now - this.since > DELAY) this.flush();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.gathered;
    if (!text) return;
    this.gathered = '';
    this.post('iopub', [Buffer.from('stream')], 'stream', { name: this.name, text }, this.parent);
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
