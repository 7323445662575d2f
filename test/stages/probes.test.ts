/** Trying other parameters in a view: the same as running the stage, but that nothing is kept. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import '../uncached.js';
import { DISPLAY } from '../../common/host.js';
import {
  MIME,
  parsePayload,
  unpackNumbers,
  type DistributionPayload,
  type ViewPayload
} from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { probePid, stopProbes } from '../../kernel/stages/live/probe-engine.js';
import { FakeHost } from './fake-host.js';

const host = new FakeHost();
let space: hysim.Space;
let clean: hysim.Denoised;
let weights: hysim.Weights;

before(async () => {
  const data = await hysim.simulate({ source_papers: 160, target_papers: 120 });
  space = await hysim.embed({ data });
  clean = await hysim.denoise({ space }, { fdr: 0.2 });
  weights = await hysim.weigh({ space, clean }, { method: 'logit-quad' });
  host.install();
});

after(async () => {
  FakeHost.remove();
  await stopProbes();
  await hysim.engine().stop();
});

type Shown = { [DISPLAY](): Promise<Record<string, unknown>> };

async function shown(value: Shown): Promise<ViewPayload> {
  return (await value[DISPLAY]())[MIME] as ViewPayload;
}

/** The view's payload with these parameters tried. */
async function tried(value: Shown, params: Record<string, unknown>): Promise<ViewPayload> {
  const { payload } = await host.ok({ op: 'probe', key: (await shown(value)).live!.key, params });
  assert.ok('payload' in parsePayload(payload));
  return payload!;
}

const picture = ({ live: _, ...payload }: ViewPayload): unknown => payload;

describe('a view with parameters', () => {
  it('names those that can be tried, and all as its stage filled them in', async () => {
    assert.deepEqual((await shown(clean)).live!.tune, {
      stage: 'denoise',
      params: {
        method: 'auto',
        neighbors: null,
        fdr: 0.2,
        rank: 64,
        reference: 'source',
        trusted: [],
        contamination: 0,
        seed: 0,
        bypass: false
      },
      names: ['method', 'neighbors', 'fdr', 'rank', 'reference', 'contamination']
    });
    assert.deepEqual((await shown(weights)).live!.tune, {
      stage: 'weigh',
      params: { method: 'logit-quad', alpha: 0.1, rank: 16, cap: null, seed: 0, bypass: false },
      names: ['method', 'cap', 'rank', 'alpha']
    });
    assert.equal((await shown(space)).live!.tune, undefined);
  });

  it('is drawn as the stage’s own result with them would be, to the last bit', async () => {
    const denoised: hysim.DenoiseParams[] = [
      { fdr: 0.05 },
      { reference: 'target' },
      { neighbors: 12 },
      { neighbors: 12, fdr: 0.4, reference: 'target' },
      { method: 'global', neighbors: 20 },
      { method: 'none' },
      { contamination: 0.3 },
      { rank: 3 },
      { rank: 5, neighbors: 30 }
    ];
    for (const params of denoised) {
      const run = await hysim.denoise({ space }, { fdr: 0.2, ...params });
      const name = JSON.stringify(params);
      assert.deepEqual(picture(await tried(clean, params)), picture(run.view()), name);
      const embedded = await tried(clean.embedding(), params);
      assert.deepEqual(picture(embedded), picture(run.embedding().payload), name);
    }
    const weighed: hysim.WeighParams[] = [
      { cap: 2 },
      { method: 'rulsif' },
      { method: 'rulsif', alpha: 0.5 },
      { method: 'kernel', cap: 1.2 },
      { method: 'cosine' },
      { method: 'uniform' },
      { method: 'auto', cap: 1.5 },
      { rank: 2 },
      { rank: 2, cap: 3 }
    ];
    for (const params of weighed) {
      const run = await hysim.weigh({ space, clean }, { method: 'logit-quad', ...params });
      const name = JSON.stringify(params);
      assert.deepEqual(picture(await tried(weights, params)), picture(run.view()), name);
    }
    const back = await hysim.weigh({ space, clean }, { cap: 2, method: 'logit-quad' });
    assert.deepEqual(picture(await tried(back, { cap: null })), picture(weights.view()));
  });

  it('goes on from what was tried, under the key of the value', async () => {
    const payload = await tried(clean, { fdr: 0.3 });
    assert.equal(payload.live!.key, (await shown(clean)).live!.key);
    assert.equal(payload.live!.tune!.params.fdr, 0.3);
  });

  it('changes no value, and sees nothing of folds V and U', async () => {
    const before = [
      clean.columns.kappa.slice(),
      clean.columns.flagged.slice(),
      weights.columns.train.slice()
    ];
    const { panels, tube } = (await tried(clean, { neighbors: 9 })) as DistributionPayload;
    await tried(weights, { cap: 1.2 });
    assert.deepEqual([clean.columns.kappa, clean.columns.flagged, weights.columns.train], before);
    const rows = [...unpackNumbers(panels[0]!.points!.rows.index), ...unpackNumbers(tube!.rows.index)];
    assert.ok(rows.length > 0 && rows.every(i => ['F', 'C'].includes(space.data.fold[i]!)));
  });

  it('refuses what the stage refuses, in its words, and what cannot be tried', async () => {
    const { key } = (await shown(clean)).live!;
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ neighbors: 2 }, /^denoise: neighbors must be an integer from 4 to 512, or null, not 2\.$/],
      [{ neighbours: 20 }, /^denoise has no parameter "neighbours"\. Did you mean "neighbors"\?/],
      [{ neighbors: 512 }, /too few for 512 neighbors/],
      [
        { seed: 3 },
        /seed cannot be tried in a view, only method, neighbors, fdr, rank, reference, contamination/
      ]
    ];
    for (const [params, words] of cases) {
      const { answer } = await host.ask({ op: 'probe', key, params });
      assert.ok(answer.status === 'error', JSON.stringify(params));
      assert.match(answer.message, words);
    }
    const { answer } = await host.ask({ op: 'probe', key: (await shown(space)).live!.key, params: {} });
    assert.equal(answer.status, 'error');
  });

  it('ends an older probe of its own for a newer one, and none of another view', async () => {
    const { key } = (await shown(clean)).live!;
    const other = (await shown(weights)).live!.key;
    const asked = [
      host.ask({ op: 'probe', key, params: { neighbors: 14 } }),
      host.ask({ op: 'probe', key: other, params: { rank: 4 } }),
      host.ask({ op: 'probe', key, params: { neighbors: 15 } }),
      host.ask({ op: 'probe', key, params: { neighbors: 16 } })
    ];
    const answers = await Promise.all(asked);
    assert.deepEqual(
      answers.map(({ answer }) => answer.status),
      ['superseded', 'ok', 'superseded', 'ok']
    );
  });

  it('answers in an engine of its own while the other computes', async () => {
    await tried(clean, { neighbors: 21 });
    assert.notEqual(probePid(), undefined);
    assert.notEqual(probePid(), hysim.engine().pid);
    let ended = false;
    const training = hysim
      .finetune({ data: space.data }, { epochs: 10_000, patience: 10_000, hidden: 512 })
      .catch(error => error as Error)
      .finally(() => (ended = true));
    await setTimeout(300);
    await tried(clean, { neighbors: 22 });
    assert.equal(ended, false);
    for (const stop of host.interrupts) stop();
    assert.ok((await training) instanceof hysim.CancelledError);
  });

  it('is one no more once a person has decided on rows', async () => {
    const { decisions: _, ...none } = clean.review;
    const decided = new hysim.Denoised(clean.space, clean.columns, clean.manifold, {
      ...none,
      decisions: new Map([['x', { sample: 'x', decision: 'keep' } as never]])
    });
    assert.equal((await shown(decided)).live!.tune, undefined);
  });
});

describe('a probe of large data', () => {
  it('is of whole papers of every fold and domain, and says so', async () => {
    const data = await hysim.simulate({ source_papers: 700, target_papers: 500, rows_per_paper: 11 });
    const large = await hysim.embed({ data });
    const value = await hysim.denoise({ space: large }, { reference: 'target', fdr: 0.02 });
    const open = large.openRows().length;
    const payload = (await tried(value, { neighbors: 12 })) as DistributionPayload;
    const rows = new Set(unpackNumbers(payload.tube!.rows.index));
    assert.ok(rows.size <= 4000 && rows.size > 3500, `${rows.size}`);
    const words = `preview on ${rows.size.toLocaleString('en')} of ${open.toLocaleString('en')} rows`;
    assert.ok(payload.subtitle!.endsWith(words), payload.subtitle);
    const papers = new Set([...rows].map(i => data.paper[i]!));
    for (const row of large.openRows()) assert.equal(rows.has(row), papers.has(data.paper[row]!));
    for (const domain of ['source', 'target'] as const) {
      for (const fold of ['F', 'C'] as const) {
        const all = data.rows(domain, fold);
        const share = all.filter(row => rows.has(row)).length / all.length;
        assert.ok(Math.abs(share - rows.size / open) < 0.1, `${domain} ${fold}: ${share}`);
      }
    }
    // No fit is needed for another rate of false flags: it is judged on all rows.
    const all = (await tried(value, { fdr: 0.4 })) as DistributionPayload;
    const run = await hysim.denoise({ space: large }, { reference: 'target', fdr: 0.4 });
    assert.equal(all.subtitle, run.view().subtitle);
    assert.ok(run.flags > value.flags);
    assert.notEqual(all.subtitle, value.view().subtitle);
    const weighed = await hysim.weigh({ space: large, clean: value }, { method: 'logit-quad' });
    const other = await tried(weighed, { rank: 3 });
    assert.match(other.subtitle!, /Preview on .* rows\.$/);
    const capped = (await tried(weighed, { cap: 2 })) as DistributionPayload;
    assert.equal(capped.subtitle, weighed.view().subtitle);
    assert.equal(capped.panels[0]!.marks[0]!.x, 2);
  });
});
