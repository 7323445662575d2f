/** The page's line to a kernel for its views, with a kernel made by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { front } from './front.js';

interface Answered {
  answer: { status: string; message?: string; rows?: unknown[] };
  buffers: ArrayBuffer[];
}
interface ViewLink {
  ask(question: Record<string, unknown>): Promise<Answered>;
  readonly renewed: { connect(slot: () => void): void };
  dispose(): void;
}
const { ViewLink } = await front<{ ViewLink: new (kernel: unknown) => ViewLink }>('link/views.js');

class FakeComm {
  readonly sent: Record<string, unknown>[] = [];
  isDisposed = false;
  closed = false;
  onMsg: (message: { content: { data: unknown }; buffers?: unknown[] }) => void = () => undefined;
  onClose: () => void = () => undefined;
  open(): void {}
  send(data: Record<string, unknown>): void {
    this.sent.push(data);
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
  answer(i: number, data: Record<string, unknown>, buffers?: unknown[]): void {
    this.onMsg({ content: { data: { ...data, request: this.sent[i]!['request'] } }, buffers });
  }
}

function fakeKernel(): {
  comms: FakeComm[];
  status: string;
  isDisposed: boolean;
  tell(status: string): void;
  listeners: Set<unknown>;
  createComm(): FakeComm;
} {
  const listeners = new Set<{ slot: (sender: unknown, status: string) => void; self: unknown }>();
  const kernel = {
    comms: [] as FakeComm[],
    status: 'idle',
    isDisposed: false,
    listeners,
    tell(status: string) {
      for (const { slot, self } of [...listeners]) slot.call(self, kernel, status);
    },
    createComm() {
      const comm = new FakeComm();
      kernel.comms.push(comm);
      return comm;
    },
    statusChanged: {
      connect: (slot: never, self: unknown) => void listeners.add({ slot, self }),
      disconnect: (slot: never) => {
        for (const one of listeners) if (one.slot === slot) listeners.delete(one);
      }
    }
  };
  return kernel;
}

test('answers find their questions, in whatever order they come', async () => {
  const kernel = fakeKernel();
  const link = new ViewLink(kernel);
  const first = link.ask({ op: 'know', key: 'a' });
  const second = link.ask({ op: 'rows', key: 'a', rows: [1] });
  assert.equal(kernel.comms.length, 1, 'one comm serves all questions');
  const comm = kernel.comms[0]!;
  comm.answer(1, { status: 'ok', rows: [{ row: 1, text: 't', place: 'p' }, { row: 'x' }] });
  comm.answer(0, { status: 'gone' });
  assert.equal((await first).answer.status, 'gone');
  assert.deepEqual(
    (await second).answer.rows,
    [{ row: 1, text: 't', place: 'p' }],
    'what is no row is left out'
  );
});

test('buffers come whole and by themselves, whatever they were cut from', async () => {
  const kernel = fakeKernel();
  const link = new ViewLink(kernel);
  const asked = link.ask({ op: 'whole', key: 'a' });
  const bytes = Uint8Array.of(0, 0, 7, 8, 9);
  kernel.comms[0]!.answer(0, { status: 'ok' }, [new DataView(bytes.buffer, 2, 2), bytes.buffer]);
  const { buffers } = await asked;
  assert.deepEqual([...new Uint8Array(buffers[0]!)], [7, 8]);
  assert.equal(buffers[1]!.byteLength, 5);
});

test('answers that are none are not taken for one', async () => {
  const kernel = fakeKernel();
  const link = new ViewLink(kernel);
  const asked = link.ask({ op: 'know', key: 'a' });
  const comm = kernel.comms[0]!;
  comm.onMsg({ content: { data: null } });
  comm.onMsg({ content: { data: { status: 'ok', request: 'someone else’s' } } });
  comm.answer(0, { status: 'perhaps' });
  comm.answer(0, { status: 'error', message: 'no' });
  assert.deepEqual((await asked).answer, { status: 'error', message: 'no' });
});

test('a kernel that restarts has answered "gone", and the next question opens another comm', async () => {
  const kernel = fakeKernel();
  const link = new ViewLink(kernel);
  let renewed = 0;
  link.renewed.connect(() => void renewed++);
  const asked = link.ask({ op: 'know', key: 'a' });
  kernel.status = 'restarting';
  kernel.tell('restarting');
  assert.equal((await asked).answer.status, 'gone');
  assert.equal(renewed, 1);
  const meanwhile = await link.ask({ op: 'know', key: 'a' });
  assert.equal(meanwhile.answer.status, 'gone', 'nothing is sent into a restart');
  kernel.status = 'idle';
  const again = link.ask({ op: 'know', key: 'a' });
  assert.equal(kernel.comms.length, 2);
  kernel.comms[1]!.onClose();
  assert.equal((await again).answer.status, 'gone', 'a kernel that does not know the target closes the comm');
});

test('whoever leaves lets go of everything', async () => {
  const kernel = fakeKernel();
  const link = new ViewLink(kernel);
  const asked = link.ask({ op: 'know', key: 'a' });
  link.dispose();
  link.dispose();
  assert.equal((await asked).answer.status, 'gone');
  assert.equal(kernel.listeners.size, 0);
  assert.equal(kernel.comms[0]!.closed, true);
  assert.equal((await link.ask({ op: 'know', key: 'a' })).answer.status, 'gone');
});
