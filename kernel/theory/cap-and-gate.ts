/**
 * From a fitted ratio to the weights: product, cap, gate, in the order of theory.md 6. The ratio is given: nothing is
 * fitted here but the cap, on fold C, and the tempering, on fold F.
 */
import type { LabelledNumber } from '../../common/labels.js';
import { cappedWeights, chooseCap } from './cap.js';
import { chiSquareEstimate } from './chi-square.js';
import { essGate, temper } from './gate.js';
import { select } from './matrix.js';
import type { Papers } from './papers.js';

export interface CapAndGateInput {
  /** w and kappa of each row. */
  ratio: Float64Array;
  kappa: ArrayLike<number>;
  papers: Papers;
  source: { F: ArrayLike<number>; C: ArrayLike<number> };
  target: { C: ArrayLike<number> };
  /** Papers that V and U have: counts alone. */
  papersV: number;
  papersU: number;
  /** A cap to use instead of choosing one. */
  cap: number | null;
  /** Whether w = 1 everywhere: then the cap is 1 too. */
  uniform: boolean;
}

export interface Capped {
  train: Float64Array;
  certify: Float64Array;
  cap: number;
  gamma: number;
  gate: number;
  essBefore: number;
  ess: number;
  papers: number;
  /** chi^2 of the capped ratio on fold C; absent for uniform weights. */
  chiSquare?: LabelledNumber;
}

/** @throws DataError when a cap is to be chosen and no target row of fold C has a positive weight */
export function capAndGate(input: CapAndGateInput): Capped {
  const { ratio, kappa, papers, source, target, uniform } = input;
  const paper = (rows: ArrayLike<number>): (string | number)[] => Array.from(rows, i => papers[i]);
  const held = {
    source: select(ratio, source.C),
    sourcePapers: paper(source.C),
    target: select(ratio, target.C),
    targetPapers: paper(target.C)
  };
  const cap = uniform
    ? 1
    : (input.cap ??
      chooseCap({
        ...held,
        sourceKappa: select(kappa, source.C),
        targetKappa: select(kappa, target.C),
        nV: input.papersV,
        nU: input.papersU
      }).cap);
  const capped = cappedWeights(ratio, cap);
  const gate = essGate(select(capped, source.F), paper(source.F), select(kappa, source.F));
  return {
    train: temper(capped, gate.gamma).map((w, i) => w * kappa[i]),
    certify: cappedWeights(ratio, cap, kappa),
    cap,
    gamma: gate.gamma,
    gate: gate.gate,
    essBefore: gate.untempered,
    ess: gate.ess,
    papers: gate.papers,
    ...(uniform ? {} : { chiSquare: chiSquareEstimate({ ...held, cap, fold: 'C' }) })
  };
}
