/** Each family of ratios and tilts on known laws: what it is good for, where it fails, and what is said then. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataError } from '../../common/errors.js';
import {
  binEdges,
  calibrationFloor,
  cosineTilt,
  editDistance,
  evaluateRatio,
  exponentialTilt,
  fitKliep,
  fitLogit,
  fitLogitQuad,
  fitRulsif,
  hybridSimilarity,
  kernelMeanMatching,
  kernelTilt,
  Mark,
  matrix,
  normalizeTilt,
  paperEss,
  paperWeights,
  prepareText,
  projectionCost,
  Random,
  rulsifSteps,
  runNow,
  runSteps,
  selectRatio,
  selectRatioSteps,
  tailVariable,
  tokenDice,
  weightedMean,
  type Matrix,
  type RatioRows
} from '../../kernel/theory/index.js';
import { allClose, close, consistent } from './support/check.js';

/** Rows in papers of two: mean `shift` and deviation `spread` in the first column. */
function normal(n: number, q: number, shift: number, seed: number, spread: number = 1): RatioRows {
  const random = new Random(seed);
  const x = matrix(n, q);
  for (let p = 0; p < x.data.length; p++)
    x.data[p] = p % q === 0 ? shift + spread * random.normal() : random.normal();
  return { x, papers: Array.from({ length: n }, (_, i) => `${seed}-${i >> 1}`) };
}

/** The ratio of N(shift, spread^2) to N(0, 1) at the first column. */
function truth(x: Matrix, shift: number, spread: number = 1): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const z = x.data[i * x.cols];
    return Math.exp(z ** 2 / 2 - ((z - shift) / spread) ** 2 / 2) / spread;
  });
}

const squares = (w: Float64Array): number => w.reduce((sum, v) => sum + v * v, 0) / w.length;

/** E(w-hat - omega)^2 / Var omega on these rows. */
function nmse(w: Float64Array, omega: Float64Array): number {
  return squares(w.map((v, i) => v - omega[i])) / squares(omega.map(v => v - 1));
}

const quick = { centres: 50, bandwidths: [0.7, 1.4], lambdas: [0.01, 0.1, 1] };

describe('estimators of the ratio', () => {
  const fresh = normal(2000, 2, 0, 5).x;
  const moved = [normal(500, 2, 0, 1), normal(500, 2, 0.9, 2)] as const;

  it('uLSIF, RuLSIF with alpha = .5, KLIEP and the strongly ridged logit come close on a moved mean', () => {
    const omega = truth(fresh, 0.9);
    for (const [name, ratio, most] of [
      ['ulsif', fitRulsif(...moved, { ...quick, alpha: 0 }), 0.35],
      ['rulsif .5', fitRulsif(...moved, { ...quick, alpha: 0.5 }), 0.5],
      ['kliep', fitKliep(...moved, { centres: 50 }), 0.5],
      ['logit', fitLogit(...moved), 0.1]
    ] as const) {
      const found = nmse(evaluateRatio(ratio, fresh), omega);
      assert.ok(found < most, `${name}: NMSE ${found}`);
    }
  });

  it('Platt’s slope undoes what a strong ridge shrinks', () => {
    const ratio = fitLogit(...moved, { lambdas: [1] });
    assert.ok(ratio.slope > 2, `slope ${ratio.slope}`);
    // The true log ratio rises by .9 a unit of the first column.
    const rise = (ratio.slope * ratio.coefficients[0]) / ratio.sd[0];
    close(rise, 0.9, 0.1, 'slope along the shift');
  });

  it('linear logit is worse than uniform weights where the spread differs, logit-quad is not (theory.md 8b)', () => {
    const [source, target] = [normal(800, 2, 0, 11), normal(800, 2, 0.3, 12, 0.5)];
    const omega = truth(fresh, 0.3, 0.5);
    const linear = nmse(evaluateRatio(fitLogit(source, target), fresh), omega);
    const quad = nmse(evaluateRatio(fitLogitQuad(source, target), fresh), omega);
    assert.ok(linear > 0.9 && quad < 0.2, `linear ${linear}, quadratic ${quad}`);
  });

  it('uLSIF gives target rows no weight at all; these count whole in the tail (errata E2)', () => {
    const [source, target] = [normal(400, 6, 0, 13), normal(300, 6, 1.5, 14)];
    const ratio = fitRulsif(source, target, { alpha: 0, centres: 50 });
    const held = normal(2000, 6, 1.5, 15).x;
    const w = evaluateRatio(ratio, held);
    const zeros = w.reduce((count, v) => count + (v === 0 ? 1 : 0), 0) / w.length;
    assert.ok(zeros > 0.005, `${zeros} of the target have weight 0`);
    const tail = tailVariable(w, 1e9);
    assert.ok(w.every((v, i) => (v === 0 ? tail[i] === 1 : tail[i] === 0)));
  });

  it('KLIEP has mean 1 under the source by itself, and is positive', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), seed => {
        const source = normal(60, 2, 0, 2 * seed + 100);
        const target = normal(40, 2, 1, 2 * seed + 101);
        const w = evaluateRatio(fitKliep(source, target, { bandwidths: [1], centres: 20 }), source.x);
        assert.ok(w.every(v => v >= 0));
        close(weightedMean(w, paperWeights(source.papers)), 1, 1e-6);
      }),
      { numRuns: 10 }
    );
  });

  it('one pass serves several alphas, to the bits of a pass for each', () => {
    const both = runNow(rulsifSteps(...moved, [0.1, 0], quick));
    assert.deepEqual(both, [
      fitRulsif(...moved, { ...quick, alpha: 0.1 }),
      fitRulsif(...moved, { ...quick, alpha: 0 })
    ]);
    assert.throws(() => fitRulsif(...moved, { alpha: 1 }), /alpha must lie in \[0, 1\)/);
  });

  it('the logistic fit is at the minimum of its objective, for even and odd numbers of columns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 99 }), (q, seed) => {
        const [source, target] = [normal(31, q, 0, 7 * seed + 300), normal(22, q, 0.7, 7 * seed + 301)];
        const lambda = 0.02;
        const { coefficients: b, mean, sd } = fitLogitQuad(source, target, { lambdas: [lambda] });
        const gradient = b.map((value, j) => (j < 2 * q ? lambda * value : 1e-9 * value));
        for (const [{ x, papers }, isTarget] of [[source, 0] as const, [target, 1] as const]) {
          const weight = paperWeights(papers);
          for (let i = 0; i < x.rows; i++) {
            const z = mean.map((m, j) => (x.data[i * q + j] - m) / sd[j]);
            const features = [...z, ...z.map(v => (v * v - 1) / Math.SQRT2), 1];
            const f = features.reduce((sum, v, j) => sum + v * b[j], 0);
            const e = (weight[i] / 2) * (1 / (1 + Math.exp(-f)) - isTarget);
            features.forEach((v, j) => (gradient[j] += e * v));
          }
        }
        gradient.forEach((value, j) => close(value, 0, 1e-9, `gradient ${j}`));
      }),
      { numRuns: 25 }
    );
  });
});

describe('similarity tilts', () => {
  it('have the closed form of theory.md 8f: half-way to the target and no further', () => {
    const n = 40000;
    const [source, target] = [normal(n, 1, 0, 21), normal(n, 1, 1, 22)];
    for (const h of [0.5, 1, 1.5]) {
      const w = kernelTilt(source.x, source, target, { bandwidth: h, references: 4000 });
      const mean = weightedMean(source.x.data, w);
      const variance = weightedMean(
        source.x.data.map(z => (z - mean) ** 2),
        w
      );
      close(mean, 1 / (2 + h * h), 0.02, `mean at h = ${h}`);
      close(variance, (1 + h * h) / (2 + h * h), 0.02, `variance at h = ${h}`);
    }
  });

  it('barely tilt in twenty columns: nearly all papers still count (theory.md 8b)', () => {
    const [source, target] = [normal(600, 20, 0, 23), normal(400, 20, 1, 24)];
    for (const w of [kernelTilt(source.x, source, target), cosineTilt(source.x, target)])
      assert.ok(paperEss(w, source.papers) > 0.9 * 300, `${paperEss(w, source.papers)} of 300`);
    const found = nmse(
      normalizeTilt(
        kernelTilt(source.x, source, target),
        Int32Array.from({ length: 600 }, (_, i) => i),
        paperWeights(source.papers)
      ),
      truth(source.x, 1)
    );
    assert.ok(found > 0.85, `NMSE ${found}`);
  });

  it('the hybrid of strings ranks by likeness, and needs texts', () => {
    const texts = ['AUC (h*ng/mL)', 'AUC (h ng/ml)', 'Body weight (kg)', ''];
    const x = matrix(4, 2, Float64Array.of(1, 0, 1, 0.1, 0, 1, 0, 0));
    const s = runNow(hybridSimilarity({ x, texts }, [0]));
    close(s[0], 1, 1e-12, 'itself');
    assert.ok(s[1] > 0.9 && s[2] < 0.3 && s[3] < 0.05, `${s}`);
    allClose(exponentialTilt(s, 0), [1, 1, 1, 1], 0);
    assert.ok(exponentialTilt(s, 8)[2] < 0.01);
    assert.throws(() => runNow(hybridSimilarity({ x, texts }, [3])), /no target row has one/);
  });

  it('edit distance and Dice are those of the textbook', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 90 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const [p, q] = [a, b].map(text => Uint16Array.from(text, letter => letter.charCodeAt(0)));
        assert.equal(editDistance(p, q), plainEdit(a, b));
      }),
      { numRuns: 300 }
    );
    const dice = (a: string, b: string): number => tokenDice(prepareText(a), prepareText(b));
    close(dice('Cmax (ng/mL)', 'cmax ng'), 4 / 5, 1e-12);
    close(dice('', '--'), 1, 0);
    close(dice('a', ''), 0, 0);
  });
});

function plainEdit(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
  }
  return row[b.length];
}

describe('kernel mean matching', () => {
  const [source, target] = [normal(150, 2, 0, 31), normal(120, 2, 1, 32)];

  it('never leaves [0, W], not even to have mean 1 (errata E, item 4), and is nearer than uniform weights', () => {
    for (const cap of [0.4, 2, 50]) {
      const { weights, mmd } = kernelMeanMatching(source, target, { cap, bandwidth: 1 });
      assert.ok(weights.every(w => w >= 0 && w <= cap));
      const uniform = kernelMeanMatching(source, target, { cap: 1, bandwidth: 1, iterations: 0 });
      assert.ok(uniform.weights.every(w => w === 1));
      if (cap > 1) assert.ok(mmd < 0.6 * uniform.mmd, `${mmd} against ${uniform.mmd}`);
    }
  });

  it('a ridge trades distance for shorter weights', () => {
    const at = (ridge: number): ReturnType<typeof kernelMeanMatching> =>
      kernelMeanMatching(source, target, { cap: 20, bandwidth: 1, ridge });
    const [none, some, much] = [at(0), at(0.5), at(20)];
    assert.ok(none.mmd < some.mmd && some.mmd < much.mmd);
    assert.ok(none.length > some.length && some.length > much.length);
  });

  it('refuses more rows than it can hold, and a box without room', () => {
    const many = normal(5001, 1, 0, 33);
    assert.throws(() => kernelMeanMatching(many, target, { cap: 1, bandwidth: 1 }), /at most 5000/);
    assert.throws(() => kernelMeanMatching(source, target, { cap: 0, bandwidth: 1 }), DataError);
  });
});

describe('the choice', () => {
  it('says that the shift is not resolved where fold C bears out less than half of it', () => {
    // Sixty columns and few rows: what the fit sees is mostly its own noise.
    const fit = { source: normal(80, 60, 0, 41), target: normal(60, 60, 0.6, 42) };
    const choose = { source: normal(200, 60, 0, 43), target: normal(200, 60, 0.6, 44) };
    const { resolution, candidates, warnings, fallback, reason } = selectRatio(fit, choose, {
      rulsif: { centres: 30 }
    });
    assert.ok(resolution!.heldOut < resolution!.inSample / 2);
    assert.equal(resolution!.resolved, false);
    // The fall-backs of high dimension were tried.
    const names = candidates.map(({ name }) => name);
    assert.ok(names.includes('logit') && names.includes('rulsif α=0.5'), names.join());
    assert.match(fallback ? reason : warnings.join(' '), /not resolved/);
  });

  it('gives weighting up, in words, where the source does not reach the target', () => {
    const fit = { source: normal(200, 3, 0, 45), target: normal(200, 3, 40, 46) };
    const choose = { source: normal(100, 3, 0, 47), target: normal(100, 3, 40, 48) };
    const selection = selectRatio(fit, choose, { rulsif: { centres: 30 } });
    assert.equal(selection.ratio.kind, 'uniform');
    assert.equal(selection.fallback, true);
    assert.match(selection.reason, /source does not reach the target|no source row is like|not resolved/);
  });

  it('is cancellable between steps, reports where it is, and never goes back', async () => {
    const sides = { source: normal(300, 3, 0, 49), target: normal(300, 3, 1, 50) };
    const fractions: number[] = [];
    await runSteps(selectRatioSteps(sides, sides, { rulsif: quick }), mark => {
      if (mark) fractions.push(mark.fraction);
    });
    assert.ok(
      fractions.length > 5 && fractions.every((f, i) => f >= 0 && f <= 1 && f >= (fractions[i - 1] ?? 0))
    );
    let steps = 0;
    const stopped = runSteps(selectRatioSteps(sides, sides, { rulsif: quick }), () => {
      if (++steps === 4) throw new Error('cancelled');
    });
    await assert.rejects(stopped, /cancelled/);
    assert.equal(steps, 4);
  });

  it('takes a failure of a step elsewhere for a method that cannot be fitted only where the data are at fault', async () => {
    const sides = { source: normal(60, 2, 0, 51), target: normal(60, 2, 1, 52) };
    const broken = (error: Error): Promise<unknown> =>
      runSteps(
        selectRatioSteps(
          sides,
          sides,
          { methods: ['rulsif', 'uniform'] },
          {
            moments: () => Promise.reject(error),
            scores: () => Promise.reject(error)
          }
        )
      );
    const selection = (await broken(new DataError('no numbers'))) as ReturnType<typeof selectRatio>;
    assert.match(selection.candidates[0].note, /not fitted: no numbers/);
    await assert.rejects(broken(new Error('engine')), /engine/);
    assert.throws(
      () =>
        runNow(
          selectRatioSteps(
            sides,
            sides,
            {},
            {
              moments: () => Promise.resolve({ gram: matrix(0, 0), mean: new Float64Array() }),
              scores: () => Promise.resolve({ mean: new Float64Array(), square: new Float64Array() })
            }
          )
        ),
      /computed elsewhere/
    );
    assert.ok(new Mark(0.5, 'half').fraction === 0.5);
  });

  it('duplicates, a constant column and two columns alike leave every number finite', () => {
    const base = normal(30, 2, 0, 53);
    const odd = ({ x, papers }: RatioRows): RatioRows => {
      const wide = matrix(2 * x.rows, 4);
      for (let i = 0; i < wide.rows; i++) {
        const z = x.data.subarray(2 * (i >> 1), 2 * (i >> 1) + 2);
        wide.data.set([z[0], z[1], z[0], 7], 4 * i);
      }
      return { x: wide, papers: Array.from({ length: wide.rows }, (_, i) => papers[i >> 1]) };
    };
    const sides = { source: odd(base), target: odd(normal(30, 2, 1, 54)) };
    const { candidates, ratio } = selectRatio(sides, sides);
    assert.ok(
      candidates.every(({ j }) => Number.isFinite(j)),
      JSON.stringify(candidates)
    );
    assert.ok(evaluateRatio(ratio, sides.source.x).every(w => Number.isFinite(w) && w >= 0));
  });
});

describe('the floor of Gamma (errata E12)', () => {
  const edgesOf = (w: Float64Array): number[] => binEdges(w, new Float64Array(w.length).fill(1), 5);
  const edges = edgesOf(truth(normal(2000, 1, 1, 60).x, 1));

  function floor(random: Random, wrong: (w: number) => number, shift: number = 1): number {
    const seed = random.integer(1e6);
    const [s, t] = [normal(400, 1, 0, seed), normal(400, 1, shift, seed + 1)];
    const number = calibrationFloor({
      edges: edges.map(wrong),
      source: truth(s.x, 1).map(wrong),
      sourcePapers: s.papers,
      target: truth(t.x, 1).map(wrong),
      targetPapers: t.papers,
      largest: 20,
      delta: 0.1,
      fold: 'C'
    });
    assert.equal(number.label, 'LOWER-BOUND');
    return number.value;
  }

  it('exceeds the true Gamma no oftener than delta', () => {
    const random = new Random(61);
    let [above, aboveTwo] = [0, 0];
    for (let repeat = 0; repeat < 100; repeat++) {
      if (floor(random, w => w) > 1) above++;
      if (floor(random, w => 2 * w) > 2) aboveTwo++;
    }
    consistent(above, 100, 0.1);
    consistent(aboveTwo, 100, 0.1);
  });

  it('finds weights that are three times too large', () => {
    assert.ok(floor(new Random(62), w => 3 * w) > 1.5);
  });

  it('counts a bin that holds source mass and no target, which the plain ratio would divide by', () => {
    const papers = Array.from({ length: 300 }, (_, i) => i);
    const input = {
      edges: [1],
      source: papers.map(i => (i % 2 ? 0.5 : 1.5)),
      sourcePapers: papers,
      target: papers.map(() => 0.5),
      targetPapers: papers,
      largest: 2,
      fold: 'C'
    };
    const { value } = calibrationFloor(input);
    assert.ok(value > 10 && Number.isFinite(value), `${value}`);
  });
});

describe('the cost of principal components (lemma 0’)', () => {
  it('is 0 where nothing is lost, and half the root of the chi-square that is', () => {
    assert.equal(projectionCost(0.5, 0.7, 10).value, 0);
    close(projectionCost(1, 0.64, 10).value, 0.3, 1e-12);
    assert.equal(projectionCost(1, 0, 10).label, 'ESTIMATED');
  });
});
