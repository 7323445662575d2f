/** The weigh task in this process: it needs no ONNX Runtime. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../common/random.js';
import { weigh } from '../../kernel/engine/tasks/weigh.js';

const job = {
  progress: () => {},
  due: () => false,
  cancelled: false,
  finishing: false,
  throwIfCancelled: () => {}
};

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
