/** denoise: what it chooses, says and warns of, and what it refuses. */
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import '../uncached.js';
import * as hysim from '../../kernel/stages/index.js';

let space: hysim.Space;
let foreign: ArrayLike<number>;

before(async () => {
  const data = await hysim.simulate({ source_papers: 300, target_papers: 200, seed: 5 });
  foreign = data.truth!.contaminated;
  space = await hysim.embed({ data });
});

after(() => hysim.engine().stop());

function meanKappa({ columns }: hysim.Denoised, wanted: number): number {
  const kept = columns.kappa.filter((_, i) => foreign[i] === wanted);
  return kept.reduce((a, b) => a + b, 0) / kept.length;
}

const warnings = (value: hysim.Denoised): string[] =>
  value
    .view()
    .facts.filter(({ name }) => name === 'warning')
    .map(({ text }) => text!);

/** The same rows with other vectors. */
function spaceOf(change: (vector: Float32Array, row: number) => void): hysim.Space {
  const vectors = space.vectors.slice();
  for (let i = 0; i < space.data.length; i++)
    change(vectors.subarray(i * space.dimension, (i + 1) * space.dimension), i);
  return new hysim.Space(space.data, space.encoder, space.dimension, vectors, space.picture);
}

describe('denoise with a contaminated source as its reference', () => {
  it('says that it looks contaminated, and cleans once that is declared', async () => {
    const bare = await hysim.denoise({ space });
    assert.ok(warnings(bare).some(text => /reference looks contaminated: \d+ of its \d+ papers/.test(text)));
    assert.match(String(bare), /\nWarning: .*contaminated/);
    assert.ok(meanKappa(bare, 1) > 0.5, 'a contaminated reference cleans nothing');
    const declared = await hysim.denoise({ space }, { contamination: 0.35 });
    assert.ok(meanKappa(declared, 1) < 0.05, `foreign rows keep ${meanKappa(declared, 1)}`);
    assert.ok(meanKappa(declared, 0) > 0.95, `clean rows keep ${meanKappa(declared, 0)}`);
    assert.ok(declared.manifold.reference.trimmed > 0);
    const said = warnings(declared);
    assert.ok(!said.some(text => text.includes('looks contaminated')));
    assert.ok(said.some(text => /0\.38\d = t \(1 − ν\) \+ ν .* 0\.077 = t \/ \(1 − ν\)/.test(text)));
  });

  it('cleans when a person names papers to trust', async () => {
    const { data } = space;
    const rows = data.rows('source', 'C');
    const bad = new Set(rows.filter(row => foreign[row]).map(row => data.paper[row]!));
    const trusted = [...new Set(rows.map(row => data.paper[row]!))].filter(paper => !bad.has(paper));
    const value = await hysim.denoise({ space }, { trusted });
    assert.equal(value.manifold.reference.papers, trusted.length);
    assert.match(value.manifold.reference.words, /^vouched-for source papers of fold C$/);
    assert.ok(meanKappa(value, 1) < 0.05 && meanKappa(value, 0) > 0.95);
  });
});

describe('denoise', () => {
  it('prints the projection that it chose with the error of each, and goes by one that is asked for', async () => {
    const auto = await hysim.denoise({ space }, { reference: 'target' });
    const { denoiser, neighbors, gains } = auto.manifold;
    assert.equal(denoiser.asked, 'auto');
    // Eight latent dimensions and a few hundred rows: theory.md 8(c) would not go local.
    assert.equal(denoiser.method, 'global');
    assert.equal(neighbors, gains.reduce((a, b) => (b.gain < a.gain ? b : a)).neighbors);
    const facts = Object.fromEntries(auto.view().facts.map(({ name, text }) => [name, text]));
    assert.match(
      facts['projection']!,
      /^none 1\.000, global PCA 0\.\d+ \(kept\), local planes \d\.\d+; error left/
    );
    assert.match(facts['gain of local planes']!, /^predicted .* measured .* reach/);
    const local = await hysim.denoise({ space }, { reference: 'target', method: 'local', neighbors: 25 });
    assert.equal(local.manifold.neighbors, 25);
    assert.ok(local.columns.distance.every((r, i) => r >= auto.columns.distance[i]! - 1e-12));
    const none = await hysim.denoise({ space }, { reference: 'target', method: 'none' });
    assert.ok(none.columns.kappa.every(kappa => kappa === 1));
    assert.match(warnings(none).join(' '), /No projection: no row is moved/);
  });

  it('survives constant columns and copies of rows', async () => {
    const constant = await hysim.denoise({ space: spaceOf(vector => vector.fill(0.25, 20)) });
    assert.ok(constant.columns.distance.every(Number.isFinite));
    const copies = spaceOf((vector, row) => {
      if (row % 3 === 0) vector.set(space.vectors.subarray(0, space.dimension));
    });
    const value = await hysim.denoise({ space: copies });
    assert.ok(value.columns.kappa.every(kappa => kappa >= 0 && kappa <= 1));
  });

  it('refuses what cannot be denoised, and says what to do', async () => {
    await assert.rejects(
      hysim.denoise({ space: spaceOf(vector => vector.fill(1)) }),
      /all rows are equal|distinct rows/
    );
    const holes = spaceOf((vector, row) => row === 7 && (vector[3] = NaN));
    await assert.rejects(hysim.denoise({ space: holes }), /NaN or an infinity in row 7\./);
    await assert.rejects(hysim.denoise({ space }, { trusted: ['nobody'] }), (error: unknown) => {
      assert.ok(error instanceof hysim.ParameterError);
      assert.match(error.message, /has no paper nobody in fold C/);
      return true;
    });
    await assert.rejects(hysim.denoise({ space }, { contamination: 0.6 }), /from 0 to 0.4/);
    const data = await hysim.simulate({ source_papers: 6, target_papers: 6, rows_per_paper: 1 });
    const few = await hysim.embed({ data });
    await assert.rejects(
      hysim.denoise({ space: few }),
      /fold F has 6 rows, and a manifold needs at least 10/
    );
  });
});

describe('a reference of few papers', () => {
  it('is told of: with one the answer is about that paper, and nothing can be flagged', async () => {
    const { data } = space;
    const sizes = new Map<string, number>();
    for (const row of data.rows('source', 'C')) {
      const paper = data.paper[row]!;
      sizes.set(paper, (sizes.get(paper) ?? 0) + 1);
    }
    const papers = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)!).slice(0, 3);
    const few = await hysim.denoise({ space }, { trusted: papers });
    assert.match(warnings(few).join(' '), /With 3 reference papers nothing can be flagged.* at least 9\./);
    assert.equal(few.flags, 0);
    const [first] = papers;
    // A paper has at most three rows here: κ needs five, and says so.
    await assert.rejects(
      hysim.denoise({ space }, { trusted: [first!] }),
      /κ: .* at least 5 trusted distances/
    );
  });
});
