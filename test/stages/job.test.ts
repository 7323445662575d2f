/** What a running stage tells: views not too often, the last one always, and whether it can be asked to end. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import '../uncached.js';
import type { ViewPayload } from '../../common/views/index.js';
import { runJob } from '../../kernel/stages/define/job.js';
import { FakeHost } from './fake-host.js';

let host: FakeHost;
beforeEach(() => void (host = new FakeHost().install()));
afterEach(() => FakeHost.remove());

const view = (title: string): ViewPayload => ({ title }) as ViewPayload;
const titles = (): (string | undefined)[] => host.events.flatMap(event => event.view?.title ?? []);

it('views that come faster than four a second are passed over, but never the last', async () => {
  await runJob('s', async job => {
    for (const title of ['a', 'b', 'c']) job.show(view(title));
    await setTimeout(300);
    job.progress(0.5);
    for (const title of ['d', 'e']) job.show(view(title));
  });
  assert.deepEqual(titles(), ['a', 'c', 'e']);
  assert.equal(host.events.at(-1)!.status, 'done');
});

it('a job that fails shows its last view too', async () => {
  const failing = runJob('s', async job => {
    job.show(view('a'));
    job.show(view('b'));
    throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  assert.deepEqual([titles(), host.events.at(-1)!.status], [['a', 'b'], 'failed']);
});

it('a job can be asked to end from its offer until the offer is taken back', async () => {
  const ask = async (): Promise<string> => {
    const { answer } = await host.ask({ op: 'finish', job: host.events[0]!.job });
    return answer.status;
  };
  const { asked, answers } = await runJob('s', async job => {
    const offer = job.offerFinish();
    const first = await ask();
    offer.takeBack();
    job.progress(0.9);
    return { asked: offer.signal.aborted, answers: [first, await ask()] };
  });
  assert.equal(asked, true);
  assert.deepEqual(answers, ['ok', 'gone']);
  assert.deepEqual(
    host.events.map(({ finishable }) => finishable ?? false),
    [false, true, false, false]
  );
});
