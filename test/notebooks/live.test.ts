/** Which cells the kernel is at is read off its messages, whoever started them. Needs no browser. */
import assert from 'node:assert/strict';
import test from 'node:test';

interface Live {
  of(cell: string): string | undefined;
  readonly executing: string | undefined;
  readonly changed: { connect(slot: () => void): void };
  dispose(): void;
}

// The extension is compiled for a browser in a project of its own, which tests do not reference.
const { LiveCells } = (await import(new URL('../../src/notebooks/live.js', import.meta.url).href)) as {
  LiveCells: new (context: unknown) => Live;
};

type Slot = (sender: unknown, args: unknown) => void;

class FakeSignal {
  readonly slots = new Map<Slot, unknown>();
  connect(slot: Slot, self: unknown): void {
    this.slots.set(slot, self);
  }
  disconnect(slot: Slot): void {
    this.slots.delete(slot);
  }
  emit(args: unknown): void {
    for (const [slot, self] of this.slots) slot.call(self, undefined, args);
  }
}

class FakeContext {
  readonly kernelChanged = new FakeSignal();
  readonly statusChanged = new FakeSignal();
  readonly session = { kernel: { anyMessage: new FakeSignal() } };

  request(id: string, cellId: string): void {
    const msg = { header: { msg_id: id, msg_type: 'execute_request' }, metadata: { cellId }, content: {} };
    this.session.kernel.anyMessage.emit({ direction: 'send', msg });
  }
  answer(id: string, type: string, content: Record<string, unknown> = {}): void {
    const msg = { header: { msg_type: type }, parent_header: { msg_id: id }, content };
    this.session.kernel.anyMessage.emit({ direction: 'recv', msg });
  }
  get listeners(): number {
    const { kernelChanged, statusChanged, session } = this;
    return kernelChanged.slots.size + statusChanged.slots.size + session.kernel.anyMessage.slots.size;
  }
}

test('a cell is queued, runs, and is then nothing more, whoever sent the request', () => {
  const context = new FakeContext();
  const live = new LiveCells(context);
  let changes = 0;
  live.changed.connect(() => changes++);
  context.request('1', 'a');
  context.request('2', 'b');
  assert.equal(live.of('a'), 'queued');
  context.answer('1', 'execute_input');
  assert.equal(live.executing, 'a');
  assert.equal(live.of('b'), 'queued');
  context.answer('1', 'execute_reply', { status: 'error' });
  assert.equal(live.of('a'), undefined);
  assert.equal(live.executing, undefined);
  context.answer('2', 'execute_reply', { status: 'aborted' });
  assert.equal(live.of('b'), undefined);
  // Another page's request.
  context.answer('9', 'execute_reply', { status: 'ok' });
  assert.equal(changes, 5);
});

test('a cell that was sent twice is queued until both are answered', () => {
  const context = new FakeContext();
  const live = new LiveCells(context);
  context.request('1', 'a');
  context.request('2', 'a');
  context.answer('1', 'execute_input');
  context.answer('1', 'execute_reply', { status: 'ok' });
  assert.equal(live.of('a'), 'queued');
  context.answer('2', 'execute_input');
  context.answer('2', 'execute_reply', { status: 'ok' });
  assert.equal(live.of('a'), undefined);
});

test('a restart forgets what was sent, and nothing listens after dispose', () => {
  const context = new FakeContext();
  const live = new LiveCells(context);
  context.request('1', 'a');
  context.statusChanged.emit('busy');
  assert.ok(live.of('a'));
  context.statusChanged.emit('restarting');
  assert.equal(live.of('a'), undefined);
  assert.equal(context.listeners, 3);
  live.dispose();
  live.dispose();
  assert.equal(context.listeners, 0);
});
