/**
 * Jupyter messages to and from zeromq frames: identities, delimiter, HMAC signature, four JSON parts, binary
 * buffers (jupyter-client.readthedocs.io, "The wire protocol"). Bytes only; it opens no socket.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

export const PROTOCOL_VERSION = '5.4';

const DELIMITER = Buffer.from('<IDS|MSG>');

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

export type Json = Record<string, unknown>;

/** A message that came in. `identities` are the routing frames a reply must carry. */
export interface Message {
  identities: Uint8Array[];
  header: Header;
  metadata: Json;
  content: Json;
  buffers: Uint8Array[];
}

/** A message that goes out. `content` and `metadata` are JSON text, made where a mistake can still be told. */
export interface Outgoing {
  identities: readonly Uint8Array[];
  type: string;
  content: string;
  metadata?: string;
  /** Header of the request that this answers; null for none. */
  parent: Header | null;
  buffers?: readonly Uint8Array[];
}

/** Frames that are not a message of ours: truncated, not JSON, or signed with another key. */
export class WireError extends Error {
  override name = 'WireError';
}

function sign(key: string, parts: readonly Uint8Array[]): string {
  if (!key) return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(name: string, bytes: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    throw new WireError(`${name} is not JSON`);
  }
  if (!isObject(value)) throw new WireError(`${name} is not a JSON object`);
  return value;
}

/** @throws WireError when the frames are malformed or the signature does not match. */
export function decode(key: string, frames: readonly Uint8Array[]): Message {
  const at = frames.findIndex(frame => DELIMITER.equals(frame));
  if (at < 0) throw new WireError('no <IDS|MSG> delimiter');
  const parts = frames.slice(at + 2, at + 6);
  if (parts.length < 4)
    throw new WireError(`${frames.length - at - 1} frames after the delimiter, not 5 or more`);
  const expected = Buffer.from(sign(key, parts));
  const signature = frames[at + 1]!;
  if (key && (signature.length !== expected.length || !timingSafeEqual(signature, expected)))
    throw new WireError('signature does not match');
  const header = parseObject('header', parts[0]!);
  if (typeof header.msg_type !== 'string' || typeof header.msg_id !== 'string')
    throw new WireError('header has no msg_type or no msg_id');
  // The parent header of a request is of no use to a kernel; it was signed, so it must parse all the same.
  parseObject('parent header', parts[1]!);
  return {
    identities: frames.slice(0, at),
    header: header as unknown as Header,
    metadata: parseObject('metadata', parts[2]!),
    content: parseObject('content', parts[3]!),
    buffers: frames.slice(at + 6)
  };
}

/** The frames of a message, signed, under a fresh header of `session`. */
export function encode(key: string, session: string, message: Outgoing): Uint8Array[] {
  const header: Header = {
    msg_id: randomUUID(),
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    msg_type: message.type,
    version: PROTOCOL_VERSION
  };
  const parts = [
    JSON.stringify(header),
    JSON.stringify(message.parent ?? {}),
    message.metadata ?? '{}',
    message.content
  ].map(text => Buffer.from(text));
  return [
    ...message.identities,
    DELIMITER,
    Buffer.from(sign(key, parts)),
    ...parts,
    ...(message.buffers ?? [])
  ];
}

/** An ArrayBuffer of its own: aligned for every typed array, and free to be transferred. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
