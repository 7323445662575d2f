/** What a view in a notebook may ask of the value behind it, and what it is never told. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import '../uncached.js';
import { DISPLAY } from '../../common/host.js';
import type { ViewQuestion } from '../../common/live.js';
import {
  MIME,
  parsePayload,
  putTogether,
  unpackCodes,
  unpackNumbers,
  type DistributionPayload,
  type EmbeddingPayload,
  type ViewPayload
} from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { FakeHost } from './fake-host.js';

const host = new FakeHost();
let data: hysim.Data;
let space: hysim.Space;
let clean: hysim.Denoised;
let weights: hysim.Weights;

before(async () => {
  // More rows of folds F and C than a saved payload shows.
  data = await hysim.simulate({ source_papers: 700, target_papers: 500, rows_per_paper: 12 });
  space = await hysim.embed({ data });
  clean = await hysim.denoise({ space });
  weights = await hysim.weigh({ space, clean }, { method: 'logit-quad' });
  host.install();
});

after(async () => {
  FakeHost.remove();
  await hysim.engine().stop();
});

async function shown(value: { [DISPLAY](): Promise<Record<string, unknown>> }): Promise<ViewPayload> {
  return (await value[DISPLAY]())[MIME] as ViewPayload;
}

async function whole(payload: ViewPayload): Promise<ViewPayload> {
  const { answer, buffers } = await host.ask({ op: 'whole', key: payload.live!.key });
  assert.equal(answer.status, 'ok');
  const { payload: bare } = answer as { payload: ViewPayload };
  const bytes = buffers!.map(view => {
    const { buffer, byteOffset, byteLength } = view;
    return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  });
  const parsed = parsePayload(putTogether(bare, bytes));
  assert.ok('payload' in parsed, JSON.stringify(parsed));
  return parsed.payload;
}

const rowsIn = (payload: EmbeddingPayload): number[] => [...unpackNumbers(payload.rows!.index)];
const open = (row: number): boolean => data.fold[row] === 'F' || data.fold[row] === 'C';

describe('a view shown in a kernel', () => {
  it('has a key that the kernel knows; in a plain program it has none', async () => {
    const payload = await shown(clean);
    assert.ok(payload.live!.key.startsWith(clean.id));
    assert.deepEqual((await host.ask({ op: 'know', key: payload.live!.key })).answer, { status: 'ok' });
    assert.deepEqual((await host.ask({ op: 'know', key: 'other/view' })).answer, { status: 'gone' });
    FakeHost.remove();
    assert.equal((await shown(clean)).live, undefined);
    host.install();
  });

  it('is another view of the same value under another key', async () => {
    const views = [await shown(clean), await shown(clean.embedding()), await shown(clean.strangest(3))];
    assert.equal(new Set(views.map(view => view.live!.key)).size, 3);
  });

  it('gives all rows as bytes, where the saved payload has an even sample of them', async () => {
    const saved = (await shown(space)) as EmbeddingPayload;
    assert.equal(saved.shown, 4000);
    const all = (await whole(saved)) as EmbeddingPayload;
    assert.equal(all.shown, data.length);
    assert.deepEqual(
      rowsIn(all),
      Array.from({ length: data.length }, (_, i) => i)
    );
    assert.deepEqual(all.text, []);
    const [x, sample] = [unpackNumbers(all.x), unpackNumbers(saved.x)];
    rowsIn(saved).forEach((row, k) => assert.equal(sample[k], x[row]));
    assert.equal(all.rows!.data, data.id);
  });

  it('shows folds F and C alone where weights are chosen by it, also with all rows', async () => {
    const embedded = (await whole(await shown(weights.embedding()))) as EmbeddingPayload;
    assert.ok(embedded.shown > 4000 && rowsIn(embedded).every(open));
    for (const value of [clean, weights]) {
      const { panels, tube } = (await whole(await shown(value))) as DistributionPayload;
      for (const { points } of panels) {
        const rows = [...unpackNumbers(points!.rows.index)];
        assert.ok(rows.length > 0 && rows.every(open));
      }
      if (value === clean) assert.ok([...unpackNumbers(tube!.rows.index)].every(open));
    }
  });

  it('says what rows are, but never those of V and U where they certify', async () => {
    const payload = await shown(clean);
    const key = payload.live!.key;
    const [f] = data.rows('source', 'F');
    const closed = [data.rows('source', 'V')[0]!, data.rows('target', 'U')[0]!];
    const { rows } = await host.ok({ op: 'rows', key, rows: [...closed, f!, data.length + 5] });
    assert.deepEqual(
      rows!.map(({ row }) => row),
      [f]
    );
    assert.equal(rows![0]!.text, data.text[f!]!.slice(0, 2000));
    assert.match(rows![0]!.place, /source F/);
    // The embedding alone is drawn before anything is chosen.
    const all = await host.ok({ op: 'rows', key: (await shown(space)).live!.key, rows: closed });
    assert.equal(all.rows!.length, 2);
  });

  it('answers a question that is none with words, and nothing breaks', async () => {
    const { key } = (await shown(clean)).live!;
    const bad: [unknown, RegExp][] = [
      [{ op: 'steal', key }, /can ask know, whole, rows, probe or finish, not "steal"/],
      [undefined, /not nothing/],
      [{ op: 'know' }, /needs a text "key"/],
      [{ op: 'rows', key, rows: 'all' }, /list "rows" of row numbers/],
      [{ op: 'rows', key, rows: [1.5] }, /list "rows" of row numbers/],
      [{ op: 'rows', key, rows: [-1] }, /list "rows" of row numbers/],
      [{ op: 'rows', key, rows: Array.from({ length: 501 }, (_, i) => i) }, /at most 500 rows, not 501/],
      [{ op: 'probe', key, params: [] }, /an object "params"/],
      [{ op: 'finish' }, /needs a text "job"/]
    ];
    for (const [question, words] of bad) {
      const { answer } = await host.ask(question as ViewQuestion);
      assert.ok(answer.status === 'error', JSON.stringify(question));
      assert.match(answer.message, words);
    }
    assert.deepEqual((await host.ask({ op: 'finish', job: 'none' })).answer, { status: 'gone' });
    const report = await shown(data);
    const { answer } = await host.ask({ op: 'rows', key: report.live!.key, rows: [0] });
    assert.deepEqual(answer, { status: 'error', message: 'This view draws no rows of data.' });
  });
});

describe('a panel that can be brushed', () => {
  it('has a point a row, in the series of its domain, where the histogram counts it', async () => {
    const { panels } = (await whole(await shown(clean))) as DistributionPayload;
    const { points, series, edges } = panels[0]!;
    const codes = unpackCodes(points!.series);
    const values = unpackNumbers(points!.values);
    assert.deepEqual(points!.series.categories, ['source', 'target']);
    unpackNumbers(points!.rows.index).forEach((row, k) => {
      assert.equal(points!.series.categories[codes[k]!], data.domain[row]);
      assert.equal(values[k], Math.fround(clean.columns.distance[row]!));
    });
    const sources = [...values].filter((_, k) => codes[k] === 0);
    const first = sources.filter(value => value < edges[1]!).length / sources.length;
    assert.ok(Math.abs(series[0]!.heights[0]! - first) < 1e-3);
  });

  it('of the tube stands at its distance, and the tube is as wide as κ has it', async () => {
    const { tube } = (await whole(await shown(clean))) as DistributionPayload;
    const rows = [...unpackNumbers(tube!.rows.index)];
    assert.equal(tube!.n, rows.length);
    assert.deepEqual(
      [...unpackNumbers(tube!.y)],
      rows.map(i => Math.fround(clean.columns.distance[i]!))
    );
    const flagged = unpackCodes(tube!.flagged);
    rows.forEach((row, k) =>
      assert.equal(tube!.flagged.categories[flagged[k]!] === 'flagged', clean.columns.flagged[row] === 1)
    );
    assert.deepEqual([tube!.d0, tube!.h], [clean.manifold.d0, clean.manifold.h]);
    const along = unpackNumbers(tube!.x);
    assert.ok(Math.max(...along) > Math.min(...along));
  });
});

/** Values of 100,000 rows with long texts, made by hand: fitting them would take minutes. */
function large(): (hysim.Value | hysim.Picture)[] {
  const n = 100_000;
  const folds = ['F', 'F', 'C', 'V', 'F', 'C', 'U'] as const;
  const column = <T>(of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
  const numbers = (scale: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => scale * (0.01 + ((i * 7919) % 1000) / 1000));
  const many = new hysim.Data({
    ids: column(i => `row ${i}`),
    text: column(i => `a text of row ${i} `.repeat(20)),
    label: column(i => `class ${i % 40}`),
    paper: column(i => `paper ${i % 5000}`),
    table: column(i => `PMC1234567/table-${i}-of-a-supplement-with-a-long-name`),
    columns: {},
    domain: column(i => (i % 7 < 4 ? 'source' : 'target')),
    fold: column(i => folds[i % 7]!)
  });
  const vectors = new Float32Array(2 * n).map((_, i) => (i * 31) % 97);
  const wide = new hysim.Space(many, 'none', 2, vectors, {
    method: 'pca',
    dimensions: 2,
    values: vectors,
    shares: [0.5, 0.5]
  });
  const flagged = new Uint8Array(n).map((_, i) => Number(i % 50 === 0));
  const cleaned = new hysim.Denoised(
    wide,
    { kappa: numbers(1), distance: numbers(2), pValue: numbers(1), flagged },
    { ...clean.manifold, along: numbers(3) }
  );
  const columns = { ratio: numbers(4), train: numbers(2), certify: numbers(2) };
  const weighed = new hysim.Weights(cleaned, columns, weights.summary);
  return [many, wide, cleaned, weighed, cleaned.embedding(), weighed.embedding(), cleaned.strangest(200)];
}

describe('a saved payload', () => {
  it('stays below 1 MB at 100,000 rows of long texts', async () => {
    for (const value of large()) {
      const payload = await shown(value);
      const size = JSON.stringify(payload).length;
      assert.ok(size < 1e6, `${payload.kind}, ${payload.title}: ${size}`);
    }
  });
});
