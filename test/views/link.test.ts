/** The comm client of the extension, with a kernel made by hand: it needs no browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobEvent } from '../../common/host.js';

interface Feed {
  readonly current: readonly JobEvent[];
  readonly changed: { connect(slot: () => void): void };
  dispose(): void;
}

// The extension is compiled for a browser in a project of its own, which tests do not reference.
const link = (file: string): Promise<Record<string, unknown>> =>
  import(new URL(`../../src/${file}`, import.meta.url).href) as Promise<Record<string, unknown>>;
const { readJobEvent } = (await link('link/event.js')) as {
  readJobEvent(data: unknown): JobEvent | undefined;
};
const { JobFeed } = (await link('link/feed.js')) as { JobFeed: new (kernel: unknown) => Feed };

type Handler = (message: { content: { data: unknown } }) => void;

class FakeComm {
  onMsg: Handler = () => undefined;
  onClose: () => void = () => undefined;
  disposed = false;
  dispose(): void {
    this.disposed = true;
  }
}

class FakeKernel {
  isDisposed = false;
  readonly targets = new Map<string, (comm: FakeComm, message: { content: { data: unknown } }) => void>();
  readonly slots = new Set<unknown>();
  readonly created: FakeComm[] = [];
  status: ((sender: unknown, status: string) => void) | undefined;
  readonly statusChanged = {
    connect: (slot: (sender: unknown, status: string) => void, self: unknown) => {
      this.slots.add(slot);
      this.status = slot.bind(self);
    },
    disconnect: (slot: unknown) => this.slots.delete(slot)
  };
  constructor(private readonly open: string[] = []) {}
  registerCommTarget(name: string, callback: never): void {
    this.targets.set(name, callback);
  }
  removeCommTarget(name: string): void {
    this.targets.delete(name);
  }
  hasComm(): boolean {
    return false;
  }
  createComm(): FakeComm {
    const comm = new FakeComm();
    this.created.push(comm);
    return comm;
  }
  requestCommInfo(): Promise<unknown> {
    const comms = Object.fromEntries(this.open.map(id => [id, { target_name: 'hysim.jobs' }]));
    return Promise.resolve({ content: { status: 'ok', comms } });
  }
}

const running: JobEvent = {
  job: 'j1',
  stage: 'denoise',
  status: 'running',
  fraction: 0.3,
  message: 'local PCA',
  elapsed: 1.2
};
const said = (data: unknown): { content: { data: unknown } } => ({ content: { data } });

test('a job report is read, and what is none is not', () => {
  assert.deepEqual(readJobEvent(running), running);
  for (const data of [
    null,
    'x',
    {},
    { ...running, fraction: 2 },
    { ...running, fraction: NaN },
    { ...running, status: 'odd' },
    { ...running, job: 1 },
    { ...running, message: {} }
  ]) {
    assert.equal(readJobEvent(data), undefined, JSON.stringify(data));
  }
});

test('a feed follows the comm that the kernel opens, and forgets its jobs at a restart', () => {
  const kernel = new FakeKernel();
  const feed = new JobFeed(kernel);
  let changes = 0;
  feed.changed.connect(() => void changes++);
  const comm = new FakeComm();
  kernel.targets.get('hysim.jobs')!(comm, said({}));
  assert.equal(feed.current.length, 0);
  comm.onMsg(said(running));
  comm.onMsg(said({ nonsense: true }));
  comm.onMsg(said({ ...running, fraction: 0.6 }));
  assert.equal(feed.current.length, 1);
  assert.equal(feed.current[0]!.fraction, 0.6);
  assert.equal(changes, 2);
  kernel.status!(kernel, 'restarting');
  assert.equal(feed.current.length, 0);
  feed.dispose();
});

test('the end of a job stays a moment and is then cleared', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const kernel = new FakeKernel();
  const feed = new JobFeed(kernel);
  const comm = new FakeComm();
  kernel.targets.get('hysim.jobs')!(comm, said(running));
  comm.onMsg(said({ ...running, status: 'done' }));
  assert.equal(feed.current[0]!.status, 'done');
  t.mock.timers.tick(5000);
  assert.equal(feed.current.length, 0);
  feed.dispose();
});

test('a page loaded anew takes up the comm that is open already', async () => {
  const kernel = new FakeKernel(['c7']);
  const feed = new JobFeed(kernel);
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(kernel.created.length, 1);
  kernel.created[0]!.onMsg(said(running));
  assert.equal(feed.current[0]!.stage, 'denoise');
  feed.dispose();
});

test('a disposed feed leaves nothing behind, and disposing twice is safe', async () => {
  const kernel = new FakeKernel(['c7']);
  const feed = new JobFeed(kernel);
  await new Promise(resolve => setImmediate(resolve));
  feed.dispose();
  feed.dispose();
  assert.equal(kernel.targets.size, 0);
  assert.equal(kernel.slots.size, 0);
  assert.ok(kernel.created[0]!.disposed);
});
