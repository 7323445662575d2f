/** How a cell's run is read off the kernel's messages, and what its header then says. Needs no browser. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { JobEvent } from '../../common/host.js';

interface Run {
  status: string;
  code: string;
  started?: number;
  ended?: number;
  reason?: string;
  earlier?: boolean;
}

interface Saved {
  count: number | null;
  source: string;
  error?: string;
  timing?: unknown;
}

interface Runs {
  of(cell: string): Run | undefined;
  recall(cell: string, read: () => Saved): Run | undefined;
  readonly executing: string | undefined;
  readonly changed: { connect(slot: () => void): void };
  dispose(): void;
}

interface State {
  name: string;
  word: string;
  detail: string;
  percent?: string;
  fraction?: number;
  finishable?: string;
}

// The extension is compiled for a browser in a project of its own, which tests do not reference.
const load = (file: string): Promise<unknown> =>
  import(new URL(`../../src/stagecell/${file}`, import.meta.url).href) as Promise<unknown>;
const { CellRuns } = (await load('runs.js')) as {
  CellRuns: new (context: unknown, remembers?: () => boolean) => Runs;
};
const { describeState, timeLeft } = (await load('state.js')) as {
  describeState(run: Run | undefined, job: JobEvent | undefined, source: string, saved: boolean): State;
  timeLeft(job: JobEvent): string;
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
  history: [number, number, string][] = [];
  readonly session = {
    kernel: {
      anyMessage: new FakeSignal(),
      requestHistory: (): Promise<unknown> =>
        Promise.resolve({ content: { status: 'ok', history: this.history } })
    }
  };

  private tell(direction: string, msg: unknown): void {
    this.session.kernel.anyMessage.emit({ direction, msg });
  }
  request(id: string, cellId: string, code: string): void {
    const header = { msg_id: id, msg_type: 'execute_request' };
    this.tell('send', { header, metadata: { cellId }, content: { code } });
  }
  answer(id: string, type: string, content: Record<string, unknown> = {}): void {
    this.tell('recv', { header: { msg_type: type }, parent_header: { msg_id: id }, content });
  }
  get listeners(): number {
    const { kernelChanged, statusChanged, session } = this;
    return kernelChanged.slots.size + statusChanged.slots.size + session.kernel.anyMessage.slots.size;
  }
}

const job = (fraction: number | undefined, elapsed: number, message?: string): JobEvent => ({
  job: 'j',
  stage: 'denoise',
  status: 'running',
  fraction,
  elapsed,
  message
});

test('a cell is queued, runs, and is done, whoever sent the request', () => {
  const context = new FakeContext();
  const runs = new CellRuns(context);
  let changes = 0;
  runs.changed.connect(() => changes++);
  context.request('1', 'a', 'one');
  context.request('2', 'b', 'two');
  assert.equal(runs.of('a')?.status, 'queued');
  context.answer('1', 'execute_input');
  assert.equal(runs.executing, 'a');
  assert.equal(runs.of('b')?.status, 'queued');
  context.answer('1', 'execute_reply', { status: 'ok' });
  assert.equal(runs.of('a')?.status, 'done');
  assert.equal(runs.executing, undefined);
  context.answer('9', 'execute_reply', { status: 'ok' });
  assert.equal(changes, 4);
});

test('an error, a stop and a run that never came are told apart', () => {
  const context = new FakeContext();
  const runs = new CellRuns(context);
  const end = (id: string, content: Record<string, unknown>): Run | undefined => {
    context.request(id, id, 'code');
    if (content['status'] !== 'aborted') context.answer(id, 'execute_input');
    context.answer(id, 'execute_reply', content);
    return runs.of(id);
  };
  assert.equal(
    end('a', { status: 'error', ename: 'DataError', evalue: 'too few rows' })?.reason,
    'DataError: too few rows'
  );
  assert.equal(runs.of('a')?.status, 'failed');
  assert.equal(end('b', { status: 'error', ename: 'CancelledError', evalue: '' })?.status, 'cancelled');
  assert.equal(end('c', { status: 'error', ename: 'KeyboardInterrupt', evalue: '' })?.status, 'cancelled');
  assert.equal(end('d', { status: 'aborted' })?.reason, 'an earlier cell did not end well');
});

test('a restart forgets every run, and nothing listens after dispose', () => {
  const context = new FakeContext();
  const runs = new CellRuns(context);
  context.request('1', 'a', 'one');
  context.statusChanged.emit('busy');
  assert.ok(runs.of('a'));
  context.statusChanged.emit('restarting');
  assert.equal(runs.of('a'), undefined);
  assert.equal(context.listeners, 3);
  runs.dispose();
  runs.dispose();
  assert.equal(context.listeners, 0);
});

test('a header says edited while the code differs from what ran, and only then', () => {
  const run: Run = { status: 'done', code: 'one', started: 1000, ended: 4400 };
  assert.deepEqual(
    [describeState(run, undefined, 'one', true)].map(({ name, detail }) => [name, detail]),
    [['done', '3.4 s']]
  );
  assert.equal(describeState(run, undefined, 'two', true).word, 'edited since it ran');
  assert.equal(describeState({ ...run, status: 'running' }, undefined, 'two', true).name, 'running');
  assert.equal(describeState({ ...run, ended: 91000 }, undefined, 'one', true).detail, '1:30 min');
});

test('a cell that has not run in this kernel says so, with output of an earlier session too', () => {
  assert.equal(describeState(undefined, undefined, 'one', false).word, 'not run');
  assert.equal(describeState(undefined, undefined, 'one', true).detail, 'in this session');
  assert.equal(describeState(undefined, job(0.5, 10), 'one', true).name, 'running');
});

test('progress comes with percent, message and time left, which waits until the speed is telling', () => {
  const run: Run = { status: 'running', code: 'one', started: 0 };
  const state = describeState(run, job(0.25, 30, 'local PCA'), 'one', false);
  assert.equal(state.percent, '25 %');
  assert.equal(state.detail, 'local PCA · 1:30 left');
  assert.equal(state.fraction, 0.25);
  assert.equal(timeLeft(job(0.01, 30)), '');
  assert.equal(timeLeft(job(0.5, 0.2)), '');
  assert.equal(timeLeft(job(undefined, 30)), '');
  assert.equal(timeLeft(job(1, 30)), '');
  // The stage's own estimate is not repeated.
  assert.equal(
    describeState(run, job(0.5, 30, 'at most 20 s left'), 'one', false).detail,
    'at most 20 s left'
  );
});

/** Runs of a page that was loaded when the kernel had run these cells, by count. */
async function reloaded(...ran: string[]): Promise<{ context: FakeContext; runs: Runs }> {
  const context = new FakeContext();
  context.history = ran.map((source, i) => [0, i + 1, source]);
  const runs = new CellRuns(context, () => true);
  await new Promise(resolve => setTimeout(resolve));
  return { context, runs };
}

test('a page that was loaded anew believes the kernel’s history, and nothing else', async () => {
  const { context, runs } = await reloaded('one', 'two', 'three');
  const recall = (cell: string, saved: Saved): State =>
    describeState(
      runs.recall(cell, () => saved),
      undefined,
      saved.source,
      true
    );
  const said = ({ name, word, detail }: State): string[] => [name, word, detail];
  assert.deepEqual(said(recall('a', { count: 1, source: 'one' })), [
    'done',
    'done',
    'before this page was loaded'
  ]);
  const timing = {
    'iopub.execute_input': '2026-01-01T00:00:00.000Z',
    'shell.execute_reply': '2026-01-01T00:00:03.400Z'
  };
  assert.equal(recall('b', { count: 2, source: 'two', timing }).detail, '3.4 s, before this page was loaded');
  assert.equal(recall('c', { count: 2, source: 'two', error: 'DataError' }).name, 'failed');
  assert.equal(recall('d', { count: 2, source: 'two', error: 'KeyboardInterrupt' }).name, 'cancelled');
  // It was left while it ran: nobody has seen how that ended.
  assert.deepEqual(said(recall('e', { count: null, source: 'three' })), [
    'idle',
    'ran',
    'before this page was loaded, output not kept'
  ]);
  // A count of another session: this kernel ran other code under it.
  assert.equal(recall('f', { count: 1, source: 'four' }).word, 'not run');
  // Known once, an edit is told of as any other.
  assert.equal(
    describeState(
      runs.recall('a', () => ({ count: 1, source: 'one, edited' })),
      undefined,
      'one, edited',
      true
    ).word,
    'edited since it ran'
  );
  context.statusChanged.emit('restarting');
  assert.equal(
    runs.recall('a', () => ({ count: 1, source: 'one' })),
    undefined
  );
});

test('a history that comes after a restart is not believed', async () => {
  const context = new FakeContext();
  context.history = [[0, 1, 'one']];
  const runs = new CellRuns(context, () => true);
  context.statusChanged.emit('restarting');
  await new Promise(resolve => setTimeout(resolve));
  assert.equal(
    runs.recall('a', () => ({ count: 1, source: 'one' })),
    undefined
  );
});

test('a running job counts over an earlier run, and says whether it can be asked to end', async () => {
  const { runs } = await reloaded('one');
  const run = runs.recall('a', () => ({ count: 1, source: 'one' }));
  const running = { ...job(0.5, 10), finishable: true };
  assert.equal(describeState(run, running, 'one', true).finishable, 'j');
  assert.equal(describeState(run, job(0.5, 10), 'one', true).finishable, undefined);
});
