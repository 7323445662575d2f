/**
 * theory.md 8(e): clean, then ratio, then the product, with estimated weights on a contaminated pool. The risk of the
 * hybrid arm against the oracle's, and whether theorem 1B with the clean weight inside holds.
 */
import {
  cappedWeights,
  evaluateKappa,
  evaluateManifold,
  evaluateRatio,
  fitKappa,
  fitLogitQuad,
  fitManifold,
  fixOnC,
  normalizeRatio,
  project,
  select,
  selectRows,
  simulate,
  tailVariable,
  theorem1b,
  trueRisks,
  weightedQuantile,
  zeroOneLoss,
  type Predictor,
  type RatioRows
} from '../../kernel/theory/index.js';
import { trainLinear } from '../theory/support/logistic.js';
import { DELTA } from './certificates.js';
import {
  countOf,
  meanOf,
  rateCheck,
  referenceCheck,
  tallied,
  withError,
  type Cell,
  type Check,
  type Tally
} from './cell.js';
import { reference } from './reference.js';

const D = 64;
const RIDGES = [1e-3, 1e-2, 1e-1];
const TURN = 1.3;
/** Rows of source F, C, V and of target F, reference, U; each row is a paper of its own, as in the reference. */
const SOURCE = [1500, 1000, 2000];
const TARGET = [700, 600, 1000];
const ARMS = ['uniform', 'omega', 'kappa', 'naive', 'hybrid', 'oracle'] as const;

function hybrid(eta: number, turn: number, quick: number): Cell {
  const id = `hybrid eta=${eta}${turn < 0 ? ' turned back' : ''}`;
  return {
    id,
    part: 'hybrid',
    repeats: 20,
    quick,
    cost: 8,
    run(repeats) {
      const all = tallied(repeats, (tally, r) => once(eta, turn, 300 + r, tally));
      return { ...all.means(), ...all.counts('misses') };
    },
    judge(measured, repeats) {
      const gap = meanOf(measured, 'gap');
      const checks: Check[] = [
        {
          what: `${id}: risk of the hybrid arm minus the oracle's`,
          measured: withError(gap),
          expected: 'at most 0.01',
          fine: gap.mean <= 0.01
        },
        rateCheck(`${id}: misses of theorem 1B`, countOf(measured, 'misses'), repeats, DELTA)
      ];
      if (turn < 0) return checks;
      const cell = `8e eta=${eta.toFixed(1)} flip=0.0`;
      for (const arm of ARMS)
        checks.push({
          ...referenceCheck(
            `${id}: target risk, ${arm}`,
            meanOf(measured, arm),
            reference(cell, 'risk', arm)
          ),
          plot: 'hybrid'
        });
      return [...checks, referenceCheck(`${id}: bound`, meanOf(measured, 'bound'), reference(cell, 'bound'))];
    }
  };
}

function once(eta: number, turn: number, seed: number, tally: Tally): void {
  const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);
  const data = simulate({
    kind: 'hybrid',
    d: D,
    delta: turn,
    noise: 0.05,
    contamination: eta,
    clustering: 0,
    rowsPerPaper: 1,
    sourcePapers: total(SOURCE),
    targetPapers: total(TARGET),
    seed
  });
  let from = 0;
  const [F, C, V, T, trusted, U] = [...SOURCE, ...TARGET].map(size => {
    const start = from;
    from += size;
    return Int32Array.from({ length: size }, (_, i) => start + i);
  });
  const { x, label, paper, foreign } = data;
  const manifold = fitManifold(selectRows(x, T), { neighbors: 30, dimension: 2, maxRank: 32, seed });
  const distance = evaluateManifold(manifold, x).distance;
  // Rows of T are in the fit: their distance is to be taken with each left out.
  evaluateManifold(manifold, selectRows(x, T), 'self').distance.forEach(
    (value, i) => (distance[T[i]] = value)
  );
  const kappa = evaluateKappa(fitKappa(select(distance, trusted)), distance);
  const z = project(manifold.pca, x);
  const rows = (index: Int32Array): RatioRows => ({ x: selectRows(z, index), papers: select(paper, index) });
  const keep = (index: Int32Array): Int32Array => index.filter(i => kappa[i] > 0.5);
  const fit = (source: Int32Array, target: Int32Array, factor: number): Float64Array => {
    const ratio = normalizeRatio(
      fitLogitQuad(rows(source), rows(target), { lambdas: RIDGES, seed }),
      rows(source)
    );
    return evaluateRatio(ratio, z).map(value => value * factor);
  };
  const naive = fit(F, T, 1);
  // A hard cut on both sides, and back to the whole pool by the shares kept (errata.md E9).
  const w = fit(keep(F), keep(T), keep(T).length / T.length / (keep(F).length / F.length));
  const equal = new Float64Array(trusted.length).fill(1);
  const top = (values: Float64Array): Float64Array => {
    const cap = weightedQuantile(select(values, trusted), equal, 0.98);
    return Float64Array.from(F, i => Math.min(values[i], cap));
  };
  const kF = select(kappa, F);
  const weights: Record<(typeof ARMS)[number], Float64Array> = {
    uniform: new Float64Array(F.length).fill(1),
    omega: top(naive),
    kappa: kF,
    naive: top(naive).map((value, k) => value * kF[k]),
    hybrid: top(w).map((value, k) => value * kF[k]),
    oracle: Float64Array.from(F, i => (foreign[i] ? 0 : data.ratio[i]))
  };
  const zF = selectRows(z, F);
  const yF = select(label, F);
  const models = ARMS.map(arm => trainLinear(zF, yF, weights[arm]));
  const inPca =
    (model: Predictor): Predictor =>
    rows =>
      model(project(manifold.pca, rows));
  const risks = trueRisks(data.spec, models.map(inPca), 20_000).map(({ value }) => value);
  ARMS.forEach((arm, k) => tally.add(arm, risks[k]));
  const at = ARMS.indexOf('hybrid');
  tally.add('gap', risks[at] - risks[ARMS.indexOf('oracle')]);

  const loss = (index: Int32Array): Float64Array =>
    zeroOneLoss(select(label, index), models[at](selectRows(z, index)));
  const cap = weightedQuantile(select(w, trusted), equal, 0.9);
  const certify = cappedWeights(w, cap, kappa);
  const tail = (index: Int32Array): Float64Array => tailVariable(select(w, index), cap, select(kappa, index));
  const fixed = fixOnC({
    quantity: 'risk',
    losses: loss(C),
    weights: select(certify, C),
    papers: C,
    tail: tail(trusted),
    tailPapers: trusted,
    cap
  });
  const { bound } = theorem1b({
    quantity: 'risk',
    losses: loss(V),
    weights: select(certify, V),
    papers: V,
    tail: tail(U),
    tailPapers: U,
    cap,
    centre: fixed.centre,
    variance: fixed.variance,
    delta: DELTA,
    cleaned: true,
    gammaGrid: [1]
  });
  tally.add('bound', bound.value);
  tally.add('misses', Number(bound.value < risks[at]));
}

export const HYBRID_CELLS: Cell[] = [
  hybrid(0, TURN, 0),
  hybrid(0.2, TURN, 2),
  hybrid(0.4, TURN, 0),
  hybrid(0.6, TURN, 0),
  hybrid(0.2, -TURN, 0)
];
