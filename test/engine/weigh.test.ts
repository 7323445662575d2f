/** The weigh task in this process. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelledError } from '../../common/errors.js';
import { Random } from '../../common/random.js';
import { weigh } from '../../kernel/engine/tasks/weigh.js';
import type { WeighInput } from '../../kernel/engine/tasks/weigh-types.js';
import { job } from './quiet-job.js';

test('where cleaning drops most rows of some papers, the ratio is that of the whole fold’s law (errata E4, E9)', async () => {
  const random = new Random(1);
  const vectors: number[] = [];
  const papers: string[] = [];
  const kappa: number[] = [];
  const rows = {
    source: { F: [] as number[], C: [] as number[] },
    target: { F: [] as number[], C: [] as number[] }
  };
  const add = (
    side: 'source' | 'target',
    fold: 'F' | 'C',
    paper: string,
    cluster: number,
    clean: number
  ): void => {
    rows[side][fold].push(papers.length);
    vectors.push(cluster + 0.1 * random.normal(), 0.1 * random.normal());
    papers.push(paper);
    kappa.push(clean);
  };
  for (const fold of ['F', 'C'] as const) {
    for (let p = 0; p < 300; p++) {
      // Half of the source papers keep one row of ten: cluster 0 has mass .05 of the pool, cluster 1 has .5.
      for (let i = 0; i < 10; i++) add('source', fold, `s${fold}${p}`, p % 2, p % 2 === 0 && i > 0 ? 0 : 1);
      add('target', fold, `t${fold}${p}`, random.uniform() < 0.3 ? 0 : 1, 1);
    }
  }
  const out = await weigh.run(
    {
      vectors: Float32Array.from(vectors),
      dimension: 2,
      papers,
      kappa: Float64Array.from(kappa),
      source: rows.source,
      target: rows.target,
      papersV: 100,
      papersU: 100,
      method: 'logit-quad',
      alpha: 0.1,
      maxRank: 2,
      cap: 1000,
      seed: 0
    },
    job
  );
  const mean = (parity: number): number => {
    const own = rows.source.F.filter((row, k) => Math.floor(k / 10) % 2 === parity && kappa[row] === 1);
    return own.reduce((sum, row) => sum + out.ratio[row]!, 0) / own.length;
  };
  // True ratios .3 / .05 and .7 / .5; what is estimated is the target's share, so a tenth is allowed.
  assert.ok(Math.abs(mean(0) / 6 - 1) < 0.12, `cluster 0: ${mean(0)}`);
  assert.ok(Math.abs(mean(1) / 1.4 - 1) < 0.12, `cluster 1: ${mean(1)}`);
});

describe('what weigh may be asked for', () => {
  const texts: string[] = [];
  /** Source and target of folds F and C, ten papers of four rows each; the target's texts and vectors are shifted. */
  function input(method: WeighInput['method'], more: Partial<WeighInput> = {}): WeighInput {
    const random = new Random(7);
    const vectors: number[] = [];
    const papers: string[] = [];
    texts.length = 0;
    const rows = {
      source: { F: [] as number[], C: [] as number[] },
      target: { F: [] as number[], C: [] as number[] }
    };
    for (const side of ['source', 'target'] as const)
      for (const fold of ['F', 'C'] as const)
        for (let i = 0; i < 200; i++) {
          rows[side][fold].push(papers.length);
          papers.push(`${side}${fold}${i >> 2}`);
          const shift = side === 'target' ? 0.8 : 0;
          vectors.push(random.normal() + shift, random.normal(), 0.2 * random.normal(), 5);
          texts.push(
            side === 'target' || i % 3 === 0 ? `clearance ${i % 5} L/h` : `exposure ${i % 5} ng*h/mL`
          );
        }
    return {
      vectors: Float32Array.from(vectors),
      dimension: 4,
      papers,
      kappa: new Float64Array(papers.length).fill(1),
      ...rows,
      papersV: 40,
      papersU: 40,
      method,
      alpha: 0.1,
      texts: [...texts],
      maxRank: 2,
      cap: null,
      seed: 0,
      ...more
    };
  }

  for (const method of ['logit-quad', 'rulsif', 'ulsif', 'kliep', 'logit'] as const)
    test(`${method}: a ratio with mean 1 on source F, its J beside that of uniform weights`, async () => {
      const given = input(method);
      const out = await weigh.run(given, job);
      assert.deepEqual([out.kind, out.method], ['ratio', method]);
      assert.deepEqual(
        out.table.map(row => row.method),
        [method, 'uniform']
      );
      assert.ok(out.table[0]!.J < -0.6, `J ${out.table[0]!.J}`);
      const mean = given.source.F.reduce((sum, row) => sum + out.ratio[row]!, 0) / given.source.F.length;
      assert.ok(Math.abs(mean - 1) < 1e-9);
      const names = out.facts.map(fact => fact.name);
      assert.ok(names.includes('Γ, at least') && names.includes('risk that PCA may cost'), names.join());
    });

  for (const method of ['kernel', 'cosine', 'string'] as const)
    test(`${method}: a tilt, called so, with no floor of Γ`, async () => {
      const out = await weigh.run(input(method), job);
      assert.deepEqual([out.kind, out.method], ['tilt', method]);
      assert.match(out.words, /tilt/);
      assert.match(out.warnings.join(' '), /no importance weights/);
      assert.ok(!out.facts.some(fact => fact.name === 'Γ, at least'));
      assert.ok(new Set(out.ratio).size > 10);
    });

  test('alpha is RuLSIF’s, and 0 is uLSIF', async () => {
    const [half, zero, ulsif] = await Promise.all([
      weigh.run(input('rulsif', { alpha: 0.5 }), job),
      weigh.run(input('rulsif', { alpha: 0 }), job),
      weigh.run(input('ulsif'), job)
    ]);
    assert.equal(half.table[0]!.method, 'rulsif α=0.5');
    assert.deepEqual(zero.ratio, ulsif.ratio);
    assert.notDeepEqual(half.ratio, ulsif.ratio);
  });

  test('auto prints J of every method and keeps the least', async () => {
    const { table, method, words } = await weigh.run(input('auto'), job);
    assert.deepEqual(
      table.map(row => row.method),
      ['logit-quad', 'rulsif', 'ulsif', 'kliep', 'uniform']
    );
    const least = Math.min(...table.map(row => row.J));
    assert.equal(table.find(row => row.kept)!.J, least);
    assert.equal(table.find(row => row.kept)!.method, method);
    assert.match(words, /smallest J/);
  });

  test('many rows go through blocks and the same seed gives the same bits', async () => {
    const random = new Random(9);
    const many = (): WeighInput => {
      const n = 20000;
      const side = (from: number, to: number): number[] =>
        Array.from({ length: to - from }, (_, i) => from + i);
      return input('rulsif', {
        vectors: values,
        dimension: 4,
        papers: Array.from({ length: n }, (_, i) => `p${i >> 2}`),
        kappa: new Float64Array(n).fill(1),
        source: { F: side(0, 5000), C: side(5000, 8000) },
        target: { F: side(10000, 15000), C: side(15000, 18000) }
      });
    };
    const values = Float32Array.from(
      { length: 80000 },
      (_, p) => random.normal() + (p >= 40000 && p % 4 === 0 ? 0.5 : 0)
    );
    const [a, b] = [await weigh.run(many(), job), await weigh.run(many(), job)];
    assert.deepEqual(a.ratio, b.ratio);
    assert.match(a.table[0]!.note, /float32 blocks/);
    assert.ok(a.table[0]!.J < -0.55);
  });

  test('a cancelled job ends where it is', async () => {
    let reports = 0;
    const stopping = {
      ...job,
      progress: () => void reports++,
      throwIfCancelled: () => {
        if (reports > 3) throw new CancelledError('stopped');
      }
    };
    await assert.rejects(weigh.run(input('rulsif'), stopping), CancelledError);
    assert.equal(reports, 4);
  });

  test('bad rows are refused with their numbers, thin data with what is missing', async () => {
    const nan = input('auto');
    nan.vectors[4 * 410] = NaN; // a target row
    await assert.rejects(weigh.run(nan, job), /NaN or an infinity in row 410\./);
    const flat = input('auto');
    flat.vectors.fill(1);
    await assert.rejects(weigh.run(flat, job), /all rows are equal/);
    const one = input('rulsif');
    one.papers = one.papers.map(paper => (paper.startsWith('target') ? 'target' : paper));
    await assert.rejects(weigh.run(one, job), /needs 2 papers on each side; .* the target 1/);
    const automatic = await weigh.run({ ...one, method: 'auto' }, job);
    assert.equal(automatic.method, 'uniform');
    assert.match(automatic.words, /not resolved/);
    const wordless = input('string', { texts: input('string').texts!.map(() => ' ') });
    await assert.rejects(weigh.run(wordless, job), /no target row has one/);
  });
});
