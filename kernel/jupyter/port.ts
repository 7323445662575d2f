/**
 * What the I/O thread and the main thread say to each other over their MessagePort, and the few numbers that
 * they share so that the I/O thread can tell what the main thread is at while it is too busy to answer.
 */
import type { Connection } from './connection.js';
import type { Header, Json, Outgoing } from './wire.js';

export type RequestChannel = 'shell' | 'control';
export type OutChannel = RequestChannel | 'stdin' | 'iopub';

/** A request as the main thread gets it: buffers are ArrayBuffers of their own. */
export interface Request {
  channel: RequestChannel | 'stdin';
  identities: Uint8Array[];
  header: Header;
  metadata: Json;
  content: Json;
  buffers: ArrayBuffer[];
}

export type ToIo =
  | { kind: 'send'; channel: OutChannel; message: Outgoing }
  /** Comes back once every request received so far has been handed over. */
  | { kind: 'barrier'; id: number };

export type FromIo =
  | { kind: 'bound' }
  | { kind: 'failed'; reason: string }
  | { kind: 'request'; request: Request }
  | { kind: 'barrier'; id: number }
  | { kind: 'interrupt' }
  /** The main thread's JavaScript was ended from outside, perhaps in the middle of the kernel's own. */
  | { kind: 'terminated' }
  | { kind: 'shutdown' };

/** Slots of the shared Int32Array. */
export const SLOT = {
  /** Interrupts that the main thread has acted on: a count. */
  handled: 0,
  /** 1 while the compiler works: it must not be ended half-way. */
  compiling: 1
} as const;

export interface IoData {
  connection: Connection;
  session: string;
  /** Content of kernel_info_reply, as JSON. */
  info: string;
  shared: SharedArrayBuffer;
}
