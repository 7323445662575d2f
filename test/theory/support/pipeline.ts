/** Clean -> ratio -> product -> cap -> gate -> train -> certify on simulated data, with estimated weights throughout. */
import {
  cappedWeights,
  chooseCap,
  essGate,
  evaluateKappa,
  evaluateManifold,
  evaluateRatio,
  fitKappa,
  fitManifold,
  fitPca,
  fixOnC,
  foldOnly,
  indexPapers,
  papersNeeded,
  paperWeights,
  project,
  Random,
  rowsOfFold,
  select,
  selectRatio,
  selectRows,
  simulate,
  tailVariable,
  temper,
  theorem1b,
  theorem1bTilt,
  trueDifference,
  trueRisks,
  zeroOneLoss,
  type Fold,
  type RatioRows,
  type SelectRatioOptions,
  type SimulationSpec,
  type Theorem1b
} from '../../../kernel/theory/index.js';
import { trainLinear } from './logistic.js';
import { rowsOfSide } from './sample.js';

export interface Outcome {
  ratio: string;
  j: number;
  cap: number;
  gamma: number;
  ess: number;
  meanKappaForeign: number;
  meanKappaClean: number;
  risk: Theorem1b;
  improvement: Theorem1b;
  tilt: number;
  needed: string;
  truth: { risk: number; uniformRisk: number; difference: number };
  seconds: number;
}

/** Fold of each row: one a paper; half fits, a fifth chooses, the rest certifies. */
function foldsOf(papers: ArrayLike<number>, last: Fold, random: Random): Fold[] {
  const index = indexPapers(papers);
  const order = random.permutation(index.count);
  const of: Fold[] = new Array<Fold>(index.count);
  order.forEach((paper, i) => {
    const share = i / index.count;
    of[paper] = share < 0.5 ? 'F' : share < 0.7 ? 'C' : last;
  });
  return Array.from(index.of, paper => of[paper]);
}

export function runPipeline(
  options: Partial<SimulationSpec>,
  ratioOptions: SelectRatioOptions = {}
): Outcome {
  const start = performance.now();
  const data = simulate(options);
  const { spec, x, paper, label } = data;
  const random = new Random(spec.seed, 20);
  const [sourceRows, targetRows] = [rowsOfSide(data, 'source'), rowsOfSide(data, 'target')];
  const folds: Fold[] = new Array<Fold>(x.rows);
  foldsOf(select(paper, sourceRows), 'V', random).forEach((fold, i) => (folds[sourceRows[i]] = fold));
  foldsOf(select(paper, targetRows), 'U', random).forEach((fold, i) => (folds[targetRows[i]] = fold));
  const rows = (fold: Fold, domain: number): Int32Array =>
    rowsOfFold(folds, fold).filter(i => data.domain[i] === domain);
  const [sF, sC, sV, tF, tC, tU] = [
    rows('F', 0),
    rows('C', 0),
    rows('V', 0),
    rows('F', 1),
    rows('C', 1),
    rows('U', 1)
  ];
  const papersOf = (index: Int32Array): Float64Array => select(paper, index);

  // clean: the trusted reference is the target, which is free of foreign rows
  const fit = foldOnly(tF, folds, ['F'], 'the manifold');
  const manifold = fitManifold(selectRows(x, fit), { neighbors: 20 });
  const distance = evaluateManifold(manifold, x).distance;
  const trusted = foldOnly(tC, folds, ['C'], 'the clean weight');
  const kappaFit = fitKappa(select(distance, trusted), paperWeights(papersOf(trusted)));
  const kappa = evaluateKappa(kappaFit, distance);

  // ratio: on rows that the clean weight keeps, in both domains alike (errata.md E9)
  const keep = (index: Int32Array): Int32Array => index.filter(i => kappa[i] > 0.5);
  const pooled = [...keep(sF), ...keep(tF)];
  const pca = fitPca(selectRows(x, pooled), { weights: paperWeights(select(paper, pooled)), maxRank: 16 });
  const z = project(pca, x);
  // A kept row weighs what it weighs in its whole fold (errata.md E4).
  const ratioRows = (index: Int32Array): RatioRows => {
    const law = paperWeights(papersOf(index));
    const kept = keep(index);
    const weights = law.filter((_, k) => kappa[index[k]] > 0.5);
    return { x: selectRows(z, kept), papers: papersOf(kept), weights };
  };
  const selection = selectRatio(
    { source: ratioRows(sF), target: ratioRows(tF) },
    { source: ratioRows(sC), target: ratioRows(tC) },
    { seed: spec.seed, ...ratioOptions }
  );
  // back to the whole pool: the share kept of the target over the share kept of the pool (errata.md E9)
  const share = (index: Int32Array): number => {
    const w = paperWeights(papersOf(index));
    return index.reduce((sum, i, k) => sum + (kappa[i] > 0.5 ? w[k] : 0), 0);
  };
  const factor = share(tF) / share(sF);
  const w = evaluateRatio(selection.ratio, z).map(value => value * factor);

  const nV = indexPapers(papersOf(sV)).count;
  const nU = indexPapers(papersOf(tU)).count;
  const { cap } = chooseCap({
    source: select(w, sC),
    sourcePapers: papersOf(sC),
    target: select(w, tC),
    targetPapers: papersOf(tC),
    sourceKappa: select(kappa, sC),
    targetKappa: select(kappa, tC),
    nV,
    nU
  });
  const capped = cappedWeights(w, cap);
  const gate = essGate(select(capped, sF), papersOf(sF), select(kappa, sF));
  const certify = cappedWeights(w, cap, kappa);
  const train = temper(capped, gate.gamma).map((value, i) => value * kappa[i]);

  const xF = selectRows(x, sF);
  const recipe = paperWeights(papersOf(sF));
  const model = trainLinear(
    xF,
    select(label, sF),
    recipe.map((value, i) => value * train[sF[i]])
  );
  const baseline = trainLinear(xF, select(label, sF), recipe);
  const lossOf = (predict: typeof model, index: Int32Array): Float64Array =>
    zeroOneLoss(select(label, index), predict(selectRows(x, index)));
  const loss = { c: lossOf(model, sC), v: lossOf(model, sV) };
  const difference = {
    c: lossOf(baseline, sC).map((value, i) => loss.c[i] - value),
    v: lossOf(baseline, sV).map((value, i) => loss.v[i] - value)
  };
  const tail = (index: Int32Array): Float64Array => tailVariable(select(w, index), cap, select(kappa, index));
  const certificate = (
    quantity: 'risk' | 'improvement',
    c: Float64Array,
    v: Float64Array
  ): [Theorem1b, number, string] => {
    const fixed = fixOnC({
      quantity,
      losses: c,
      weights: select(certify, sC),
      papers: papersOf(sC),
      tail: tail(tC),
      tailPapers: papersOf(tC),
      cap
    });
    const needed = papersNeeded(fixed, { source: nV, target: nU }, { quantity });
    const shared = {
      quantity,
      losses: v,
      weights: select(certify, sV),
      papers: papersOf(sV),
      cap,
      centre: fixed.centre,
      variance: fixed.variance
    };
    const bound = theorem1b({ ...shared, tail: tail(tU), tailPapers: papersOf(tU), cleaned: true });
    return [bound, theorem1bTilt(shared).bound.value, needed.words];
  };
  const [risk] = certificate('risk', loss.c, loss.v);
  const [improvement, tilt, needed] = certificate('improvement', difference.c, difference.v);
  const seconds = (performance.now() - start) / 1000;

  const [modelRisk, baselineRisk] = trueRisks(spec, [model, baseline], 50_000);
  const meanOf = (index: Int32Array): number =>
    index.length ? index.reduce((sum, i) => sum + kappa[i], 0) / index.length : NaN;
  return {
    ratio: selection.ratio.kind,
    j: Math.min(...selection.candidates.map(candidate => candidate.j).filter(Number.isFinite)),
    cap,
    gamma: gate.gamma,
    ess: gate.ess,
    meanKappaForeign: meanOf(sourceRows.filter(i => data.foreign[i] === 1)),
    meanKappaClean: meanOf(sourceRows.filter(i => data.foreign[i] === 0)),
    risk,
    improvement,
    tilt,
    needed,
    truth: {
      risk: modelRisk.value,
      uniformRisk: baselineRisk.value,
      difference: trueDifference(spec, model, baseline, 50_000).value
    },
    seconds
  };
}
