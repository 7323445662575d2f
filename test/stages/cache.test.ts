/** When a stage takes a kept result, and when it must not; what is said when something is wrong with one. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { Type } from '@sinclair/typebox';
import { DISPLAY } from '../../common/host.js';
import { MIME, parsePayload } from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { livingOf } from '../../kernel/stages/cache/known.js';
import { engine } from '../../kernel/engine/index.js';
import { hashOf } from '../../kernel/store/index.js';
import { ROOT, SAMPLE } from '../paths.js';
import { FakeHost } from './fake-host.js';
import { printed, uncached, workingFolder } from './working-folder.js';

after(() => engine().stop());
afterEach(() => FakeHost.remove());

const SMALL = { source_papers: 30, target_papers: 30 };
const CACHE = join('.hysim', 'cache');

/** A report whose content is a number. */
function report(rows: number): hysim.Report {
  const parts = {
    fold: 'U',
    rows,
    papers: 0,
    classes: [],
    arms: [],
    noOverlap: 0,
    noOverlapClasses: [],
    seeds: 1
  };
  return new hysim.Report('data', parts);
}

/** A stage that counts its runs and gives what it is told. */
function counting(options: {
  cache?: boolean;
  deterministic?: boolean;
  run?: (job: hysim.Job) => void | Promise<void>;
  outside?: () => Promise<string>;
}) {
  const state = { runs: 0 };
  const stage = hysim.defineStage({
    ...{ name: 'count', version: 1, title: 'Count', description: 'Counts.', inputs: {}, output: 'report' },
    params: Type.Object({ n: Type.Optional(Type.Integer({ default: 1 })) }),
    deterministic: options.deterministic ?? true,
    cache: options.cache ?? true,
    outside: options.outside,
    run: async (_inputs: {}, { n }: { n: number }, job: hysim.Job) => {
      state.runs++;
      await options.run?.(job);
      return report(n);
    }
  });
  return { stage, state };
}

const kept = async (): Promise<number> => (await hysim.cache.list()).length;
const from = (value: hysim.Value): boolean => value.provenance!.cached ?? false;

describe('a stage', () => {
  it('takes a kept result, and the job says so', async test => {
    await workingFolder(test);
    const { stage, state } = counting({});
    await stage({ n: 2 });
    forgetAlive();
    const host = new FakeHost().install();
    const again = await stage({ n: 2 });
    assert.deepEqual([state.runs, from(again), again.parts.rows], [1, true, 2]);
    const { status, message } = host.events.at(-1)!;
    assert.deepEqual([status, message], ['done', 'from the cache']);
    await stage({ n: 3 });
    assert.equal(state.runs, 2);
    assert.equal(host.events.at(-1)!.message, undefined);
  });

  it('that another person wrote keeps nothing unless it says that it may', async test => {
    await workingFolder(test);
    const { stage, state } = counting({ cache: false });
    await stage({});
    await stage({});
    assert.equal(state.runs, 2);
    assert.equal(await kept(), 0);
  });

  it('of another version computes anew', async test => {
    await workingFolder(test);
    const make = (version: number) =>
      hysim.defineStage({
        ...{ name: 'v', version, title: 'V', description: 'V.', inputs: {}, output: 'report' as const },
        ...{ params: Type.Object({}), deterministic: true, cache: true },
        run: async () => report(version)
      });
    for (const version of [1, 2, 1]) {
      forgetAlive();
      assert.equal((await make(version)({})).parts.rows, version);
    }
    assert.equal(await kept(), 2);
  });

  it('that failed, or was ended early by a person, keeps nothing', async test => {
    await workingFolder(test);
    const failing = counting({
      run: () => {
        throw new Error('no');
      }
    });
    await assert.rejects(failing.stage({}), /no/);
    const ended = counting({ run: job => job.endedEarly('stopped at epoch 2') });
    const value = await ended.stage({});
    assert.equal(value.provenance!.endedEarly, 'stopped at epoch 2');
    await ended.stage({});
    assert.equal(ended.state.runs, 2);
    assert.equal(await kept(), 0);
  });

  it('whose results differ from run to run is told to have been taken from an earlier one, once', async test => {
    await workingFolder(test);
    const { stage, state } = counting({ deterministic: false });
    await stage({});
    const lines = await printed(async () => {
      await stage({});
      await stage({});
    });
    assert.equal(state.runs, 1);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^count: the result of .* is used again; running it anew may give another/);
  });

  it('keeps nothing when what it reads has changed while it ran', async test => {
    await workingFolder(test);
    let content = 'a';
    const { stage, state } = counting({ outside: async () => content, run: () => void (content += 'b') });
    await stage({});
    content = 'a';
    await stage({});
    assert.equal(state.runs, 2);
    assert.equal(await kept(), 0);
  });

  it('that cannot read what it needs says so in its own words', async test => {
    await workingFolder(test);
    await assert.rejects(hysim.load({ path: 'nowhere' }), hysim.TableError);
    const data = await hysim.simulate(SMALL);
    await assert.rejects(hysim.embed({ data }, { encoder: 'minilm-of-mine' }), hysim.ModelError);
  });
});

describe('what decides', () => {
  it('are the files that load reads, wherever they lie and whatever their dates', async test => {
    const folder = await workingFolder(test);
    await cp(SAMPLE, join(folder, 'a'), { recursive: true });
    const first = await hysim.load({ path: 'a' });
    await rename('a', 'b');
    await utimes(join('b', 'tables.jsonl'), 1000, 1000);
    forgetAlive();
    const moved = await hysim.load({ path: 'b' });
    assert.deepEqual([from(moved), moved.id, moved.path], [true, first.id, 'b']);
    assert.deepEqual(moved.provenance!.params, { path: 'b' });
    const text = await readFile(join('b', 'headers.jsonl'), 'utf8');
    await writeFile(join('b', 'headers.jsonl'), text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
    await utimes(join('b', 'headers.jsonl'), 1000, 1000);
    const changed = await hysim.load({ path: 'b' });
    assert.equal(from(changed), false);
    assert.equal(changed.id, (await uncached(() => hysim.load({ path: 'b' }))).id);
    await rm(join('b', 'headers.jsonl'));
    const without = await hysim.load({ path: 'b' });
    assert.deepEqual([from(without), without.parts.header], [false, undefined]);
  });

  it('are the files of the encoder, also where the same data was embedded before in this program', async test => {
    await workingFolder(test);
    await cp(join(ROOT, 'test', 'golden', 'tiny-bert'), 'encoder', { recursive: true });
    const { ids, paper, table, domain, fold, columns } = await hysim.simulate(SMALL);
    const text = ids.map((_, i) => `w${5 + (i % 30)} w${6 + (i % 7)} w${7 + (i % 11)} w${8 + (i % 13)}`);
    const label = ids.map((_, i) => String(i % 2));
    const make = (): hysim.Data => new hysim.Data({ ids, text, label, paper, table, domain, fold, columns });
    const ask = { encoder: 'encoder', epochs: 2 };
    const both = async (data: hysim.Data): Promise<string[]> => [
      (await hysim.embed({ data }, { encoder: 'encoder' })).id,
      (await hysim.finetune({ data }, ask)).id
    ];
    const data = make();
    const seen = new Set<string>();
    for (const max_seq_length of [16, 3, 16]) {
      const config = JSON.stringify({ max_seq_length, do_lower_case: false });
      await writeFile(join('encoder', 'sentence_bert_config.json'), config);
      const found = await both(data);
      // Nothing is remembered of data that is made anew.
      assert.deepEqual(found, await uncached(() => both(make())));
      for (const id of found) seen.add(id);
    }
    assert.equal(seen.size, 4);
  });

  it('are the decisions in force and who made them, not the log that holds them', async test => {
    await workingFolder(test);
    const space = await hysim.embed({ data: await hysim.simulate(SMALL) });
    const clean = await hysim.denoise({ space }, { neighbors: 8 });
    const sample = space.data.ids[space.data.rows('source', 'F')[0]!]!;
    const log = (path: string, ...decisions: object[]): Promise<void> =>
      writeFile(path, decisions.map(decision => JSON.stringify({ sample, ...decision })).join('\n'));
    await log('one', { decision: 'drop', by: 'A' });
    const one = await hysim.review({ clean }, { log: 'one' });
    await log('two', { decision: 'keep' }, { decision: 'drop', by: 'A' });
    forgetAlive();
    const two = await hysim.review({ clean }, { log: 'two' });
    assert.deepEqual([from(two), two.id], [true, one.id]);
    await log('two', { decision: 'drop', by: 'B' });
    const three = await hysim.review({ clean }, { log: 'two' });
    assert.deepEqual([from(three), three.id], [false, one.id]);
    assert.equal(three.decisions.get(sample)!.by, 'B');
    await log('two', { decision: 'skip' });
    assert.equal((await hysim.review({ clean }, { log: 'two' })).id, clean.id);
    await writeFile('two', '{"sample": 1}');
    await assert.rejects(hysim.review({ clean }, { log: 'two' }), hysim.TableError);
  });

  it('is all that a later stage can see of an input, though the id leaves it out', async test => {
    await workingFolder(test);
    const data = await hysim.simulate({ ...SMALL, contamination: 0 });
    const space = await hysim.embed({ data });
    const { columns, manifold } = await hysim.denoise({ space }, { neighbors: 8 });
    // Cleaning that keeps everything trains the very model that no cleaning does; its report has another name.
    const kappa = new Float64Array(data.length).fill(1);
    const clean = new hysim.Denoised(space, { ...columns, kappa }, manifold);
    const [plain, cleaned] = [
      await hysim.finetune({ data }, { epochs: 2 }),
      await hysim.finetune({ data, clean }, { epochs: 2 })
    ];
    assert.equal(plain.id, cleaned.id);
    const arms: string[] = [];
    for (const model of [plain, cleaned])
      arms.push((await hysim.evaluate({ data, model }, { repeats: 100 })).parts.arms[0]!.name);
    assert.deepEqual(arms, ['uniform', 'clean']);
  });

  it('are the parameters of weighing where ablate weighs again by them', async test => {
    await workingFolder(test);
    const data = await hysim.simulate(SMALL);
    const space = await hysim.embed({ data });
    const clean = await hysim.denoise({ space }, { neighbors: 8 });
    const one = await hysim.weigh({ space, clean }, { method: 'logit-quad' });
    // The same weights, as if other parameters had happened to give them.
    const { provenance, columns, summary } = one;
    const params = { ...provenance!.params, method: 'uniform' };
    const two = new hysim.Weights(clean, columns, summary).setProvenance({ ...provenance!, params });
    assert.equal(livingOf(two).digest, livingOf(one).digest);
    const ask = { epochs: 2, seeds: 1, repeats: 100 };
    const reports = [];
    for (const weights of [one, two]) reports.push(await hysim.ablate({ data, weights, clean }, ask));
    assert.notEqual(reports[0]!.id, reports[1]!.id);
    forgetAlive();
    for (const [i, weights] of [one, two].entries()) {
      const again = await hysim.ablate({ data, weights, clean }, ask);
      assert.deepEqual([from(again), again.id], [true, reports[i]!.id]);
    }
  });

  it('is not whether a value was made by a stage or by hand', async test => {
    await workingFolder(test);
    const { ids, text, paper, table, domain, fold, columns } = await hysim.simulate(SMALL);
    const make = (change: number): hysim.Data => {
      const values = new Float32Array(2 * ids.length).map((_, i) => Math.sin(i));
      values[0] = change;
      const label = ids.map((_, i) => String(i % 2));
      const vectors = { dimension: 2, values };
      return new hysim.Data({ ids, text, label, paper, table, domain, fold, columns, vectors });
    };
    const first = await hysim.embed({ data: make(0) });
    forgetAlive();
    const again = await hysim.embed({ data: make(0) });
    assert.deepEqual([from(again), again.id], [true, first.id]);
    assert.equal(from(await hysim.embed({ data: make(1e-45) })), false);
  });
});

describe('a damaged result', () => {
  const files = async (name: string): Promise<string[]> =>
    (await readdir(join(CACHE, name))).map(file => join(CACHE, name, file));

  it('is told, computed again and kept anew, whatever of it is damaged', async test => {
    await workingFolder(test);
    const data = await hysim.simulate(SMALL);
    const first = await hysim.embed({ data });
    for (const name of ['entries', 'values', 'tensors']) {
      for (const damage of ['cut', 'bit', 'gone'] as const) {
        if (name === 'entries' && damage === 'gone') continue;
        for (const file of await files(name)) {
          const bytes = await readFile(file);
          bytes[bytes.length >> 1]! ^= 4;
          if (damage === 'gone') await rm(file);
          else if (damage === 'bit') await writeFile(file, bytes);
          else await writeFile(file, (await readFile(file)).subarray(0, 40));
        }
        forgetAlive();
        const host = new FakeHost().install();
        let again: hysim.Space | undefined;
        const lines = await printed(async () => {
          again = await hysim.embed({ data });
        });
        assert.deepEqual([from(again!), again!.id], [false, first.id], `${name} ${damage}`);
        assert.match(lines.join('\n'), /^embed: a kept result is damaged \(.*\); it is computed again/);
        assert.match(host.events.map(({ message }) => message).join('\n'), /a kept result is damaged/);
        assert.match(host.events.at(-1)!.message!, /computed again/);
        FakeHost.remove();
        forgetAlive();
        assert.deepEqual(await printed(async () => assert.ok(from(await hysim.embed({ data })))), []);
      }
    }
  });

  it('that its hashes call whole and its id does not is not used', async test => {
    await workingFolder(test);
    const first = await hysim.simulate(SMALL);
    const [entry] = await files('entries');
    const [, text] = (await readFile(entry!, 'utf8')).split('\n');
    // Another value under this key, by somebody who can hash: a record with another id within.
    const { digest } = JSON.parse(text!) as { digest: string };
    const record = (await readFile(join(CACHE, 'values', `${digest}.json`), 'utf8')).replace(
      first.id,
      'f'.repeat(32)
    );
    const forged = hashOf([record]);
    await writeFile(join(CACHE, 'values', `${forged}.json`), record);
    const changed = text!.replaceAll(digest, forged);
    await writeFile(entry!, `${hashOf([changed])}\n${changed}\n`);
    forgetAlive();
    let again: hysim.Data | undefined;
    const lines = await printed(async () => (again = await hysim.simulate(SMALL)));
    assert.deepEqual([from(again!), again!.id], [false, first.id]);
    assert.match(lines.join(), /has the id/);
  });
});

describe('where results cannot be kept', () => {
  it('HYSIM_CACHE=off neither finds nor keeps any, and says so once', async test => {
    await workingFolder(test);
    const { stage, state } = counting({});
    await stage({});
    forgetAlive();
    const lines = await printed(() =>
      uncached(async () => {
        await stage({});
        await stage({ n: 9 });
      })
    );
    assert.equal(state.runs, 3);
    assert.ok(lines.length <= 1);
    assert.equal(await kept(), 1);
    const script = `
      const { simulate } = await import(${JSON.stringify(new URL('../../kernel/stages/index.js', import.meta.url).href)});
      for (const seed of [1, 2]) await simulate({ source_papers: 6, target_papers: 6, seed });
    `;
    const env = { ...process.env, HYSIM_CACHE: 'off' };
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      ...{ env, encoding: 'utf8' }
    });
    assert.equal(stdout, '');
    assert.match(stderr, /^Results are not kept and none are found: HYSIM_CACHE is off\.\n$/);
  });

  it('a folder that is a file, or read-only, is told once, and the result is given all the same', async test => {
    const folder = await workingFolder(test);
    await writeFile('.hysim', 'a file');
    const { stage, state } = counting({});
    const lines = await printed(async () => {
      for (const n of [1, 2]) assert.equal((await stage({ n })).parts.rows, n);
    });
    assert.equal(state.runs, 2);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^Results are not kept in .*cache: /);
    await rm('.hysim');
    if (process.getuid?.() === 0) return; // root writes anywhere
    await mkdir('closed');
    process.chdir('closed');
    await chmod('.', 0o555);
    const closed = await printed(() => stage({ n: 3 }));
    await chmod('.', 0o755);
    process.chdir(folder);
    assert.match(closed.join('\n'), /the folder cannot be written/);
  });

  it('a folder that is deleted while a stage runs is made anew', async test => {
    await workingFolder(test);
    const { stage } = counting({ run: () => rm('.hysim', { recursive: true, force: true }) });
    await stage({ n: 1 });
    assert.deepEqual(await printed(() => stage({ n: 2 })), []);
    assert.equal(await kept(), 1);
    forgetAlive();
    assert.ok(from(await stage({ n: 2 })));
  });
});

describe('hysim.cache', () => {
  it('lists what was kept, as rows, as a table and as words', async test => {
    await workingFolder(test);
    const data = await hysim.simulate(SMALL);
    await hysim.embed({ data });
    const list = await hysim.cache.list();
    assert.deepEqual(
      [...list].map(({ stage, kind }) => [stage, kind]),
      [
        ['embed', 'space'],
        ['simulate', 'data']
      ]
    );
    const bundle = list[DISPLAY]();
    assert.ok('payload' in parsePayload(bundle[MIME]));
    assert.match(String(list), /embed 2.*space/);
    const size = await hysim.cache.size();
    assert.ok(size > 0 && list.bytes === size);
  });

  it('verifies, and names what is damaged', async test => {
    await workingFolder(test);
    const data = await hysim.simulate(SMALL);
    await hysim.embed({ data });
    assert.ok([...(await hysim.cache.verify())].every(({ damage }) => damage === undefined));
    const [tensors] = await readdir(join(CACHE, 'tensors'));
    await writeFile(join(CACHE, 'tensors', tensors!), 'x');
    const checked = await hysim.cache.verify();
    assert.ok([...checked].some(({ damage }) => damage?.includes('not what was written')));
    assert.match(String(checked), /damaged/);
    const [entry] = await readdir(join(CACHE, 'entries'));
    await writeFile(join(CACHE, 'entries', entry!), 'x');
    assert.equal((await hysim.cache.verify()).length, 2);
    assert.ok([...(await hysim.cache.list())].some(({ damage }) => damage !== undefined));
  });

  it('pins by value, id or its first digits, clears by stage and age, and keeps what is pinned', async test => {
    await workingFolder(test);
    const data = await hysim.simulate(SMALL);
    const space = await hysim.embed({ data });
    const clean = await hysim.denoise({ space }, { neighbors: 8 });
    assert.match(await hysim.cache.pin(space), /^Pinned/);
    await assert.rejects(hysim.cache.pin('abcdef00'), hysim.CacheError);
    assert.ok([...(await hysim.cache.list())].find(({ id }) => id === space.id)!.pinned);
    assert.match(await hysim.cache.clear({ olderThan: 1 }), /^0 results removed/);
    assert.match(await hysim.cache.clear({ stage: 'simulate' }), /^1 results removed/);
    assert.match(await hysim.cache.clear({ olderThan: new Date(Date.now() + 1000) }), /1 stay/);
    forgetAlive();
    assert.ok(from(await hysim.embed({ data })));
    assert.match(await hysim.cache.unpin(space.id.slice(0, 8)), /no longer/);
    assert.match(await hysim.cache.clear(), /^1 results removed/);
    assert.equal(await kept(), 0);
    assert.equal((await hysim.denoise({ space }, { neighbors: 8 })).id, clean.id);
  });

  it('keeps the folder within the limit, whatever this program still holds', async test => {
    await workingFolder(test);
    const before = hysim.cache.limit;
    test.after(() => void (hysim.cache.limit = before));
    assert.throws(() => (hysim.cache.limit = 'much'), hysim.CacheError);
    hysim.cache.limit = '200 kB';
    assert.equal(hysim.cache.limit, 200_000);
    const held = await hysim.simulate({ ...SMALL, seed: 1 });
    for (let seed = 2; seed < 12; seed++) {
      await hysim.simulate({ ...SMALL, seed });
      forgetAlive();
      // The one that a variable still has is known again by being asked for.
      assert.ok((await hysim.simulate({ ...SMALL, seed: 1 })).id === held.id);
    }
    assert.ok((await hysim.cache.size()) <= 200_000);
    assert.ok([...(await hysim.cache.list())].some(({ id }) => id === held.id));
  });
});
