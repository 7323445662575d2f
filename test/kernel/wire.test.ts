/** The wire codec: what goes out comes in again, and nothing forged or broken comes in. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { decode, encode, ownBuffer, WireError, type Header } from '../../kernel/jupyter/wire.js';

const KEY = 'a key';
const parent: Header = {
  msg_id: 'p',
  session: 's',
  username: 'u',
  date: '2026-01-01T00:00:00.000Z',
  msg_type: 'execute_request',
  version: '5.3'
};

function frames(key = KEY): Uint8Array[] {
  return encode(key, 'session', {
    identities: [Buffer.from('one'), Buffer.from('two')],
    type: 'comm_msg',
    content: '{"data":{"µ":1}}',
    metadata: '{"m":2}',
    parent,
    buffers: [new Uint8Array([1, 2, 3]), new Uint8Array(0)]
  });
}

test('a message survives its way over the wire, with identities and buffers', () => {
  const message = decode(KEY, frames());
  assert.deepEqual(
    message.identities.map(frame => Buffer.from(frame).toString()),
    ['one', 'two']
  );
  assert.equal(message.header.msg_type, 'comm_msg');
  assert.equal(message.header.session, 'session');
  assert.deepEqual(message.content, { data: { µ: 1 } });
  assert.deepEqual(message.metadata, { m: 2 });
  assert.deepEqual(
    message.buffers.map(buffer => [...buffer]),
    [[1, 2, 3], []]
  );
});

test('the signature is HMAC-SHA256 in hex over the four JSON frames', () => {
  const [, , , signature, ...rest] = frames();
  const hmac = createHmac('sha256', KEY);
  for (const part of rest.slice(0, 4)) hmac.update(part);
  assert.equal(Buffer.from(signature!).toString(), hmac.digest('hex'));
});

test('a message signed with another key is refused', () => {
  assert.throws(() => decode('another key', frames()), WireError);
});

test('a message changed under way is refused', () => {
  for (let i = 4; i < 8; i++) {
    const changed = frames();
    changed[i] = Buffer.concat([changed[i]!, Buffer.from(' ')]);
    assert.throws(() => decode(KEY, changed), /signature/, `frame ${i}`);
  }
});

test('without a key messages are neither signed nor checked', () => {
  assert.equal(frames('')[3]!.length, 0);
  assert.equal(decode('', frames('')).header.msg_type, 'comm_msg');
});

test('malformed frames are refused with the reason', () => {
  const delimiter = Buffer.from('<IDS|MSG>');
  const parts = (...texts: string[]): Buffer[] => texts.map(text => Buffer.from(text));
  const header = '{"msg_id":"1","msg_type":"t"}';
  assert.throws(() => decode('', parts('a', 'b')), /delimiter/);
  assert.throws(() => decode('', [delimiter]), /frames after the delimiter/);
  assert.throws(
    () => decode('', [delimiter, ...parts('', header, '{}', '{}')]),
    /frames after the delimiter/
  );
  assert.throws(() => decode('', [delimiter, ...parts('', '{', '{}', '{}', '{}')]), /header is not JSON/);
  assert.throws(() => decode('', [delimiter, ...parts('', '{}', '{}', '{}', '{}')]), /msg_type/);
  assert.throws(
    () => decode('', [delimiter, ...parts('', header, '{}', '{}', '[1]')]),
    /content is not a JSON object/
  );
});

test('an own buffer is aligned, and a copy', () => {
  const shared = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const view = shared.subarray(1, 9);
  const own = ownBuffer(view);
  assert.deepEqual([...new Uint8Array(own)], [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(new Float64Array(own).length, 1);
  shared.fill(0);
  assert.equal(new Uint8Array(own)[0], 1);
});
