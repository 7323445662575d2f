/**
 * The one promise of the cache: whatever a person does, what a notebook gives is what it would give if nothing had ever
 * been kept. Random sequences of edits of a notebook, of its files and of the cache itself, each compared with a fresh
 * run to the last bit.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import * as hysim from '../../kernel/stages/index.js';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { livingOf } from '../../kernel/stages/cache/known.js';
import { engine } from '../../kernel/engine/index.js';
import { ROOT } from '../paths.js';
import { printed, uncached, workingFolder } from './working-folder.js';

after(() => engine().stop());

/** A notebook: what its cells say. */
interface Notebook {
  data: string;
  unit: 'header' | 'row';
  seed: number;
  encoder: string;
  neighbors: number;
  reference: 'source' | 'target';
  bypass: { denoise: boolean; review: boolean; weigh: boolean };
  log: string;
  method: 'auto' | 'uniform' | 'logit-quad';
  cap: number | null;
  /** Whether weigh reads what was reviewed, and what finetune is given. */
  reviewed: boolean;
  weighted: boolean;
  cleaned: boolean;
  epochs: number;
}

const START: Notebook = {
  ...{ data: 'data', unit: 'header', seed: 1, encoder: 'encoder', neighbors: 6, reference: 'source' },
  bypass: { denoise: false, review: false, weigh: false },
  ...{ log: 'log', method: 'auto', cap: null, reviewed: true, weighted: true, cleaned: true, epochs: 2 }
};

/** Runs every cell. */
async function run(cells: Notebook): Promise<hysim.Value[]> {
  const { bypass } = cells;
  const tables = await hysim.load({ path: cells.data });
  const samples = await hysim.samples({ tables }, { text: ['text'] });
  const kinds = { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' } };
  const texts = await hysim.split({ samples }, { ...kinds, seed: cells.seed });
  const words = await hysim.embed({ data: texts }, { encoder: cells.encoder });
  const data = await hysim.simulate({ source_papers: 24, target_papers: 18, seed: cells.seed });
  const space = await hysim.embed({ data });
  const { neighbors, reference, log, method, cap } = cells;
  const clean = await hysim.denoise({ space }, { neighbors, reference, bypass: bypass.denoise });
  const decided = await hysim.review({ clean }, { log, bypass: bypass.review });
  const kept = cells.reviewed ? decided : clean;
  const weights = await hysim.weigh({ space, clean: kept }, { method, cap, bypass: bypass.weigh });
  const given = { ...(cells.weighted ? { weights } : {}), ...(cells.cleaned ? { clean: kept } : {}) };
  const model = await hysim.finetune({ data, ...given }, { epochs: cells.epochs });
  const read = await hysim.finetune({ data: texts }, { epochs: cells.epochs, encoder: cells.encoder });
  return [
    ...[tables, samples, texts, words, data, space, clean, decided, weights, model, read],
    await hysim.evaluate({ data, model }, { repeats: 100 }),
    await hysim.evaluate({ data: texts, model: read }, { repeats: 100 }),
    await hysim.ablate({ data, weights, clean: kept }, { epochs: 1, seeds: 1, repeats: 100 })
  ];
}

/** All that a value holds, by its digest, and what is told of it that is not its time. */
const told = (value: hysim.Value): unknown => ({
  kind: value.kind,
  id: value.id,
  digest: livingOf(value).digest,
  params: value.provenance!.params,
  inputs: value.provenance!.inputs,
  words: String(value),
  path: value instanceof hysim.Tables ? value.path : undefined
});

/** What the run gives, or how it fails. */
const outcome = (cells: Notebook): Promise<unknown> =>
  run(cells).then(
    values => values.map(told),
    (error: Error) => `${error.name}: ${error.message}`
  );

/** Words that the small encoder knows. */
const words = (n: number): string =>
  Array.from({ length: 6 }, (_, i) => `w${5 + ((n * 7 + i * i * (n + 3)) % 35)}`).join(' ');

async function makeFiles(): Promise<void> {
  const tables: object[] = [];
  const headers: object[] = [];
  for (let paper = 0; paper < 12; paper++) {
    const table_id = `t${paper}`;
    const table_kind = paper % 2 === 0 ? 'nca' : 'poppk';
    tables.push({
      table_id,
      paper_id: `p${paper}`,
      table_kind,
      header_rows: [['a', 'b']],
      rows: [['1', '2']]
    });
    for (let n = 0; n < 3; n++)
      headers.push({
        table_id,
        entry_id: `${table_id}-${n}`,
        text: words(paper * 3 + n),
        label: 'xy'[(paper + n) % 2]
      });
  }
  const lines = (rows: object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');
  await cp(join(ROOT, 'test', 'golden', 'tiny-bert'), 'encoder', { recursive: true });
  await cp('encoder', 'other', { recursive: true });
  await writeFile(
    join('other', 'sentence_bert_config.json'),
    '{"max_seq_length": 5, "do_lower_case": false}'
  );
  await cp('encoder', 'data', { recursive: true, filter: source => source === 'encoder' });
  await writeFile(join('data', 'tables.jsonl'), lines(tables));
  await writeFile(join('data', 'headers.jsonl'), lines(headers));
}

/** Every file of the cache, in one order. */
async function cacheFiles(): Promise<string[]> {
  const found = await readdir(join('.hysim', 'cache'), { recursive: true, withFileTypes: true }).catch(
    () => []
  );
  return found
    .filter(entry => entry.isFile() && !entry.parentPath.endsWith('leases'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

/** Keeps the file's date, so that nothing but its content tells. */
async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
  await utimes(path, 1000, 1000);
}

let copies = 0;

/** What a person, or a disk, may do between two runs: what the cells say from then on, where that changes. */
const DEEDS: Record<string, (cells: Notebook, n: number) => Promise<unknown>> = {
  'run again': async () => {},
  restart: async () => forgetAlive(),
  seed: async (_cells, n) => ({ seed: 1 + (n % 3) }),
  neighbors: async (_cells, n) => ({ neighbors: 4 + (n % 4) }),
  reference: async ({ reference }) => ({ reference: reference === 'source' ? 'target' : 'source' }),
  method: async (_cells, n) => ({ method: (['auto', 'uniform', 'logit-quad'] as const)[n % 3] }),
  cap: async (_cells, n) => ({ cap: [null, 2, 5][n % 3] }),
  epochs: async (_cells, n) => ({ epochs: 1 + (n % 3) }),
  'bypass denoise': async ({ bypass }) => ({ bypass: { ...bypass, denoise: !bypass.denoise } }),
  'bypass review': async ({ bypass }) => ({ bypass: { ...bypass, review: !bypass.review } }),
  'bypass weigh': async ({ bypass }) => ({ bypass: { ...bypass, weigh: !bypass.weigh } }),
  'rewire weigh': async ({ reviewed }) => ({ reviewed: !reviewed }),
  'rewire weights': async ({ weighted }) => ({ weighted: !weighted }),
  'rewire clean': async ({ cleaned }) => ({ cleaned: !cleaned }),
  decide: async ({ log }, n) => {
    const decision = ['drop', 'keep', 'relabel', 'skip'][n % 4];
    const more = decision === 'relabel' ? { label: String(n % 2) } : {};
    const by = ['A', 'B'][(n >> 2) % 2];
    const line = { sample: `paper ${n % 9}, row ${n % 20}`, decision, by, ...more };
    await appendFile(log, `${JSON.stringify(line)}\n`);
  },
  'another log': async (_cells, n) => ({ log: ['log', 'second'][n % 2] }),
  'forget decisions': async ({ log }) => rm(log, { force: true }),
  'change a text': ({ data }, n) =>
    rewrite(join(data, 'headers.jsonl'), text => text.replace(/"w[w\d ]+"/, `"${words(n % 50)}"`)),
  'remove a sample': ({ data }) =>
    rewrite(join(data, 'headers.jsonl'), text => {
      const lines = text.trimEnd().split('\n');
      return `${(lines.length > 30 ? lines.slice(1) : lines).join('\n')}\n`;
    }),
  touch: async ({ data }, n) => utimes(join(data, 'tables.jsonl'), n, n),
  'move the data': async ({ data }) => {
    const to = data === 'data' ? 'moved' : 'data';
    await rename(data, to);
    return { data: to };
  },
  'change the encoder': async ({ encoder }, n) =>
    rewrite(join(encoder, 'sentence_bert_config.json'), () =>
      JSON.stringify({ max_seq_length: 4 + (n % 3), do_lower_case: false })
    ),
  'another encoder': async ({ encoder }) => ({ encoder: encoder === 'encoder' ? 'other' : 'encoder' }),
  'swap the encoders': async () => {
    await rename('encoder', 'between');
    await rename('other', 'encoder');
    await rename('between', 'other');
  },
  'cut a kept file': async (_cells, n) => {
    const files = await cacheFiles();
    const path = files[n % Math.max(1, files.length)];
    if (path) await writeFile(path, (await readFile(path)).subarray(0, n % 200));
    forgetAlive();
  },
  'change a kept file': async (_cells, n) => {
    const files = await cacheFiles();
    const path = files[n % Math.max(1, files.length)];
    forgetAlive();
    if (!path) return;
    const bytes = await readFile(path);
    if (bytes.length > 0) bytes[n % bytes.length]! ^= 1 + (n % 255);
    await writeFile(path, bytes);
  },
  'swap two kept files': async (_cells, n) => {
    const files = await cacheFiles();
    const [a, b] = [files[n % Math.max(1, files.length)], files[(n * 7) % Math.max(1, files.length)]];
    forgetAlive();
    if (!a || !b || a === b) return;
    const [x, y] = [await readFile(a), await readFile(b)];
    await writeFile(a, y);
    await writeFile(b, x);
  },
  'lose a kept file': async (_cells, n) => {
    const files = await cacheFiles();
    const path = files[n % Math.max(1, files.length)];
    if (path) await rm(path);
    forgetAlive();
  },
  'empty the cache': async () => {
    await hysim.cache.clear();
  },
  'delete the cache': async () => rm('.hysim', { recursive: true }).catch(() => undefined),
  'little room': async (_cells, n) => {
    hysim.cache.limit = 50_000 + 10_000 * (n % 30);
  },
  'work on in a copy': async () => {
    const to = join('..', `copy-${process.pid}-${copies++}`);
    await cp('.', to, { recursive: true });
    process.chdir(to);
    if (copies % 2 === 0) forgetAlive();
  }
};

it(
  'a notebook gives what it would give without a cache, whatever was done before',
  { timeout: 600_000 },
  async test => {
    const folder = await workingFolder(test);
    const { limit } = hysim.cache;
    const deed = fc.record({ name: fc.constantFrom(...Object.keys(DEEDS)), n: fc.nat(1_000_000) });
    let number = 0;
    let cached = 0;
    let computed = 0;
    let [failed, worked] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 6, maxLength: 12 }), async deeds => {
        const inner = join(folder, `notebook-${number++}`, 'it');
        await cp(join(ROOT, 'test', 'golden', 'tiny-bert', 'config.json'), join(inner, 'keep'), {
          recursive: true
        });
        process.chdir(inner);
        hysim.cache.limit = limit;
        forgetAlive();
        await makeFiles();
        let cells = START;
        await printed(() => outcome(cells));
        for (const { name, n } of deeds) {
          cells = { ...cells, ...((await DEEDS[name]!(cells, n)) as Partial<Notebook> | undefined) };
          let got: unknown;
          await printed(async () => {
            got = await outcome(cells);
            const values = await run(cells).catch(() => []);
            cached += values.filter(({ provenance }) => provenance!.cached).length;
            computed += values.filter(({ provenance }) => !provenance!.cached).length;
          });
          const fresh = await uncached(() => outcome(cells));
          if (typeof fresh === 'string') failed++;
          else worked++;
          assert.deepEqual(got, fresh, `after ${name} ${n}`);
        }
      }),
      {
        numRuns: Number(process.env.HYSIM_TEST_RUNS ?? 8),
        seed: Number(process.env.HYSIM_TEST_SEED ?? 20261124),
        endOnFailure: true
      }
    );
    process.chdir(folder);
    hysim.cache.limit = limit;
    // A cache that is never used, or a notebook that always fails, would be right as well.
    assert.ok(worked > 2 * failed, `${failed} of ${failed + worked} runs failed`);
    assert.ok(cached > computed / 4, `${cached} of ${cached + computed} results were taken from the cache`);
  }
);

it(
  'programs that come one after another, and two at once, find what others kept',
  { timeout: 120_000 },
  async test => {
    await workingFolder(test);
    await makeFiles();
    const script = `
    const hysim = await import(${JSON.stringify(new URL('../../kernel/stages/index.js', import.meta.url).href)});
    const tables = await hysim.load({ path: 'data' });
    const samples = await hysim.samples({ tables }, { text: ['text'] });
    const data = await hysim.split({ samples }, { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' } });
    const space = await hysim.embed({ data }, { encoder: 'encoder' });
    const model = await hysim.finetune({ data }, { epochs: 2, encoder: 'encoder' });
    const values = [tables, samples, data, space, model];
    console.log(JSON.stringify(values.map(value => [value.id, value.provenance.cached ?? false])));
    await hysim.engine().stop();
  `;
    const program = async (): Promise<[string, boolean][]> => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        script
      ]);
      assert.equal(stderr, '');
      return JSON.parse(stdout) as [string, boolean][];
    };
    const ids = (values: [string, boolean][]): string[] => values.map(([id]) => id);
    const [one, two] = await Promise.all([program(), program()]);
    const three = await program();
    assert.deepEqual(ids(one), ids(two));
    assert.deepEqual(
      three,
      ids(one).map(id => [id, true])
    );
    assert.ok([...(await hysim.cache.verify())].every(({ damage }) => damage === undefined));
  }
);
