/** Training as a person watches it: curves that grow, and the wish that it end now with what it has. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import '../uncached.js';
import type { JobEvent } from '../../common/host.js';
import { parsePayload, type TrainingPayload } from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { thinned } from '../../kernel/stages/values/training-view.js';
import { ROOT, SAMPLE } from '../paths.js';
import { FakeHost } from './fake-host.js';

const ENDLESS = { epochs: 10_000, patience: 10_000, hidden: 256, learning_rate: 0.02 };
const encoder = join(ROOT, 'test/golden/tiny-bert');
const TINY = { encoder, epochs: 5, rank: 2, alpha: 4 };

let host: FakeHost;
let data: hysim.Data;
let texts: hysim.Data;

before(async () => {
  data = await hysim.simulate({ source_papers: 150, target_papers: 60 });
  const samples = await hysim.samples({ tables: await hysim.load({ path: SAMPLE }) });
  const shift = { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' } };
  texts = await hysim.split({ samples }, { ...shift, seed: 1 });
  // Embedded once, so that a training below begins at once.
  await hysim.finetune({ data: texts }, TINY);
});

after(() => hysim.engine().stop());
beforeEach(() => void (host = new FakeHost().install()));
afterEach(() => FakeHost.remove());

const viewsOf = (events: readonly JobEvent[]): TrainingPayload[] =>
  events.flatMap(({ view }) => (view ? [view as TrainingPayload] : []));

/** Asks the job to end as soon as `ready` says so of one of its reports. */
function finishWhen(ready: (event: JobEvent) => boolean): void {
  let asked = false;
  host.onJob = event => {
    if (asked || event.status !== 'running' || !ready(event)) return;
    asked = true;
    void host.ask({ op: 'finish', job: event.job });
  };
}

function checkEnded(model: hysim.Model): void {
  const { training, provenance } = model;
  const lowest = Math.min(...training.curves.map(point => point.choose));
  assert.equal(training.kept.choose, lowest, 'the best epoch that was seen is kept');
  assert.equal(training.ended, 'person');
  assert.match(training.stopped!, new RegExp(`^stopped by a person at epoch ${training.curves.length}`));
  assert.equal(provenance!.deterministic, false);
  assert.equal(provenance!.endedEarly, training.stopped);
  assert.ok(model.view().facts.some(fact => fact.text === training.stopped));
}

describe('a training that is watched', () => {
  it('shows curves that grow, and that they can be ended; when it is over they cannot', async () => {
    finishWhen(() => viewsOf(host.events).length >= 3);
    const model = await hysim.finetune({ data }, ENDLESS);
    checkEnded(model);
    const views = viewsOf(host.events);
    assert.ok(views.length >= 3, `${views.length} views`);
    let before = 0;
    for (const view of views) {
      assert.ok('payload' in parsePayload(view));
      assert.deepEqual(
        view.curves.map(({ fold }) => fold),
        ['F', 'C']
      );
      assert.ok(view.curves.every(({ x }) => x.length <= 300));
      const reached = view.curves[1]!.x.at(-1)!;
      assert.ok(reached > before);
      before = reached;
    }
    // The last view is the whole of it.
    assert.equal(before, model.training.curves.length);
    const shownAt = host.events.filter(({ view }) => view).map(({ elapsed }) => elapsed);
    shownAt.slice(1, -1).forEach((at, i) => assert.ok(at - shownAt[i]! >= 0.24, `${shownAt.join()}`));
    assert.ok(host.events.some(event => event.finishable));
    const done = host.events.at(-1)!;
    assert.equal(done.status, 'done');
    assert.equal(done.finishable, undefined);
    assert.deepEqual((await host.ask({ op: 'finish', job: done.job })).answer, { status: 'gone' });
  });

  it('that was ended early can be evaluated; run again to its end it is on record as repeatable', async () => {
    finishWhen(event => (event.fraction ?? 0) > 0);
    const model = await hysim.finetune({ data }, ENDLESS);
    checkEnded(model);
    const report = await hysim.evaluate({ data, model }, { repeats: 100 });
    assert.ok(report.parts.arms[0]!.accuracy.value > 0);
    host.onJob = () => {};
    const whole = await hysim.finetune({ data }, { epochs: 3 });
    assert.deepEqual([whole.provenance!.deterministic, whole.training.ended], [true, 'epochs']);
    assert.equal(whole.training.stopped, undefined);
  });

  it('asked before its first epoch is over, it ends with that one', async () => {
    finishWhen(event => event.finishable === true);
    const model = await hysim.finetune({ data }, ENDLESS);
    checkEnded(model);
    assert.equal(model.training.curves.length, 1);
  });

  it('of adapters ends with the best of them', async () => {
    finishWhen(({ view }) => view?.subtitle?.includes('adapters') ?? false);
    const settings = { ...TINY, method: 'lora', lora_epochs: 1000, patience: 10_000 } as const;
    const model = await hysim.finetune({ data: texts }, settings);
    checkEnded(model);
    assert.ok(model.adapter);
    assert.ok(model.training.curves.length < 1000);
    assert.equal((await hysim.evaluate({ data: texts, model }, { repeats: 100 })).kind, 'report');
  });

  it('whose head is ended gets no adapters, and says so', async () => {
    finishWhen(event => (event.fraction ?? 0) > 0);
    const settings = { ...TINY, method: 'lora', hidden: 256, epochs: 10_000, patience: 10_000 } as const;
    const model = await hysim.finetune({ data: texts }, settings);
    checkEnded(model);
    assert.equal(model.adapter, undefined);
    assert.match(model.training.stopped!, /before adapters were trained/);
  });

  it('can be interrupted after it was asked to end, and goes on to be usable', async () => {
    host.onJob = event => {
      if (!event.finishable) return;
      void host.ask({ op: 'finish', job: event.job });
      for (const stop of host.interrupts) stop();
    };
    await assert.rejects(hysim.finetune({ data }, { ...ENDLESS, batch: 1 }), hysim.CancelledError);
    assert.equal(host.events.at(-1)!.status, 'cancelled');
    host.onJob = () => {};
    assert.equal((await hysim.finetune({ data }, { epochs: 2 })).training.ended, 'epochs');
  });
});

describe('an ablation that is watched', () => {
  it('shows a curve of fold C an arm, and of the running arm that of fold F', async () => {
    const space = await hysim.embed({ data });
    const clean = await hysim.denoise({ space });
    const weights = await hysim.weigh({ space, clean }, { method: 'logit-quad' });
    host.events.length = 0;
    const report = await hysim.ablate(
      { data, weights, clean },
      { epochs: 400, patience: 400, seeds: 1, repeats: 100 }
    );
    const views = viewsOf(host.events);
    assert.ok(views.length > 0 && views.every(view => 'payload' in parsePayload(view)));
    const last = views.at(-1)!;
    const names = report.parts.arms.map(({ name }) => name);
    assert.deepEqual(
      last.curves.map(({ name, fold }) => [name, fold]),
      [['target labels, fold F', 'F'], ...names.map(name => [name, 'C'])]
    );
    for (const view of views) assert.equal(view.curves.filter(({ fold }) => fold === 'F').length, 1);
    assert.ok(host.events.every(event => !event.finishable));
  });
});

describe('a long curve', () => {
  it('is thinned with its first and last point kept', () => {
    const points = Array.from({ length: 1234 }, (_, i) => i);
    const kept = thinned(points, 300);
    assert.equal(kept.length, 300);
    assert.deepEqual([kept[0], kept.at(-1)], [0, 1233]);
    assert.ok(kept.every((value, i) => i === 0 || value > kept[i - 1]!));
    assert.equal(thinned(points, 1234), points);
  });
});
