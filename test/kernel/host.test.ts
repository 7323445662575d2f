/** Reports of jobs are sent seldom, but nothing that they show is lost. */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import type { JobEvent } from '../../common/host.js';
import { KernelHost } from '../../kernel/jupyter/host.js';

function fixture(): { host: KernelHost; sent: JobEvent[] } {
  const sent: JobEvent[] = [];
  const comm = { closed: false, send: (event: JobEvent) => void sent.push(event) };
  const comms = { openComm: () => comm, registerTarget: () => () => {} };
  return { host: new KernelHost(comms as never, {} as never, {} as never, assert.ifError), sent };
}

const view = (title: string): JobEvent['view'] => ({ title }) as JobEvent['view'];
const running = (more: Partial<JobEvent> = {}): JobEvent => ({
  ...{ job: 'j', stage: 's', status: 'running', elapsed: 0 },
  ...more
});

test('a view that was held back goes with the next report, the newest of several', async () => {
  const { host, sent } = fixture();
  host.job(running({ fraction: 0 }));
  host.job(running({ fraction: 0.1, view: view('old') }));
  host.job(running({ fraction: 0.2, view: view('new') }));
  host.job(running({ fraction: 0.3 }));
  await setTimeout(120);
  assert.deepEqual(
    sent.map(({ fraction, view: shown }) => [fraction, shown?.title]),
    [
      [0, undefined],
      [0.3, 'new']
    ]
  );
  host.job(running({ fraction: 0.4 }));
  assert.equal(sent.at(-1)!.view, undefined, 'a view is sent once');
});

test('the last report of a job carries the view that was held back', () => {
  const { host, sent } = fixture();
  host.job(running());
  host.job(running({ view: view('last') }));
  host.job(running({ status: 'done', fraction: 1 }));
  assert.deepEqual([sent.length, sent.at(-1)!.status, sent.at(-1)!.view?.title], [2, 'done', 'last']);
});
