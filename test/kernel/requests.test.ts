/** Properties of what the kernel makes of any bytes, any content and any text: it refuses, answers or cuts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Interpreter } from '../../kernel/cell/index.js';
import type { Comms } from '../../kernel/jupyter/comms.js';
import { History } from '../../kernel/jupyter/history.js';
import { OutputLimit, readLimit } from '../../kernel/jupyter/limit.js';
import type { Origin } from '../../kernel/jupyter/origin.js';
import type { Request } from '../../kernel/jupyter/port.js';
import { answerRequest } from '../../kernel/jupyter/requests.js';
import { decode, encode, WireError } from '../../kernel/jupyter/wire.js';

const bytes = fc.uint8Array({ maxLength: 30 });
const headers = { msg_id: 'm', session: 's', username: 'u', date: 'd', version: '5.4' };

test('frames of any bytes are decoded or refused as such, and nothing else is thrown', () => {
  const delimiter = Buffer.from('<IDS|MSG>');
  const json = fc.json().map(text => Buffer.from(text));
  const frames = fc.array(fc.oneof(bytes, fc.constant(delimiter), json), { maxLength: 9 });
  fc.assert(
    fc.property(frames, fc.constantFrom('', 'key'), (given, key) => {
      try {
        decode(key, given);
      } catch (error) {
        assert.ok(error instanceof WireError, String(error));
      }
    }),
    { numRuns: 500 }
  );
});

test('any content survives its way over the wire', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(bytes, { maxLength: 3 }),
      (content, buffers) => {
        const text = JSON.stringify(content);
        const message = decode(
          'k',
          encode('k', 's', { identities: [], type: 't', content: text, parent: null, buffers })
        );
        assert.equal(JSON.stringify(message.content), JSON.stringify(JSON.parse(text)));
        assert.deepEqual(
          message.buffers.map(buffer => [...buffer]),
          buffers.map(buffer => [...buffer])
        );
      }
    )
  );
});

/** Answers where it is asked, so that the offsets it was given come back. */
const interpreter = {
  complete: (source: string, offset: number) => {
    assert.ok(Number.isInteger(offset) && offset >= 0 && offset <= source.length, `offset ${offset}`);
    return { matches: [{ text: 'x', type: 'method', signature: '() => 1' }], start: offset, end: offset };
  },
  inspect: (source: string, offset: number) => {
    assert.ok(Number.isInteger(offset) && offset >= 0 && offset <= source.length, `offset ${offset}`);
    return undefined;
  },
  completeness: () => ({ status: 'complete' })
} as unknown as Interpreter;
const history = new History();
history.add(1, 'one')('1');
const comms = { info: () => ({ status: 'ok', comms: {} }) } as unknown as Comms;

const ask = (type: string, content: Record<string, unknown>): Record<string, unknown> | undefined => {
  const header = { ...headers, msg_type: type };
  const request: Request = { channel: 'shell', identities: [], header, metadata: {}, content, buffers: [] };
  return answerRequest(request, { interpreter: () => interpreter, comms, history });
};

test('every request is answered whatever its content, and the answer can be sent', () => {
  const field = fc.constantFrom(
    'code',
    'cursor_pos',
    'detail_level',
    'hist_access_type',
    'n',
    'start',
    'stop',
    'session',
    'pattern',
    'unique',
    'output',
    'target_name'
  );
  const word = fc.constantFrom<unknown>('tail', 'range', 'search', '*', -3, 1e20, 0.5, NaN);
  const content = fc.dictionary(field, fc.oneof(fc.jsonValue(), word, fc.string({ unit: 'binary' })));
  const type = fc.oneof(
    fc
      .constantFrom('complete', 'inspect', 'is_complete', 'history', 'comm_info')
      .map(name => `${name}_request`),
    fc.string().map(name => `${name}_request`)
  );
  fc.assert(
    fc.property(type, content, (name, given) => {
      const answer = ask(name, given);
      assert.ok(answer && typeof answer.status === 'string', name);
      assert.ok(JSON.stringify(answer).length > 2);
    }),
    { numRuns: 500 }
  );
});

test('a cursor counts code points, whatever the text is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (code, n) => {
      const points = [...code].length;
      const cursor = n % (points + 1);
      const answer = ask('complete_request', { code, cursor_pos: cursor })!;
      assert.deepEqual([answer.cursor_start, answer.cursor_end], [cursor, cursor]);
    })
  );
});

test('completions carry types and signatures the way front ends expect them', () => {
  const answer = ask('complete_request', { code: 'ab', cursor_pos: 2 })!;
  assert.deepEqual(answer.metadata, {
    _jupyter_types_experimental: [{ start: 2, end: 2, text: 'x', type: 'function', signature: '() => 1' }]
  });
});

test('of any printed texts exactly the first characters up to the limit are sent, and the rest is counted', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 30 }), { maxLength: 20 }),
      fc.nat(200),
      (texts, characters) => {
        const limit = new OutputLimit();
        limit.characters = characters;
        const origin: Origin = {
          header: { ...headers, msg_type: 'execute_request' },
          cell: 'c',
          printed: 0,
          omitted: 0
        };
        const sent = texts.map(text => limit.take(origin, text)).join('');
        const all = texts.join('');
        assert.equal(origin.omitted, Math.max(0, all.length - characters));
        assert.ok(sent.startsWith(all.slice(0, characters)));
        const notice = sent.slice(Math.min(all.length, characters));
        if (all.length <= characters) assert.equal(notice, '');
        else assert.equal(notice.match(/Output ends here/g)?.length, 1);
        assert.equal(limit.summary(origin) === '', origin.omitted === 0);
      }
    )
  );
});

test('a limit from the environment is a number, or the usual one', () => {
  assert.deepEqual(['5', '1e6', 'Infinity', '0', '', ' ', 'many', '-1', undefined].map(readLimit), [
    5,
    1e6,
    Infinity,
    0,
    1e6,
    1e6,
    1e6,
    1e6,
    1e6
  ]);
});
