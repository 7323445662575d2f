/** Off-manifold rows against a trusted reference (theory.md 8d): who is flagged, and who of them is foreign. */
import {
  benjaminiHochberg,
  conformalPValues,
  evaluateManifold,
  type Manifold,
  type ManifoldSample
} from '../../../kernel/theory/index.js';

export interface Found {
  /** Share of foreign rows that are flagged; NaN where there is none. */
  power: number;
  /** Share of flagged rows that are clean; 0 where none is flagged. */
  fdp: number;
  /** Share of clean rows whose p-value is at most .05. */
  typeOne: number;
}

/** Conformal p-values of `test` against `trusted`, flagged by Benjamini and Hochberg's rule at q. */
export function detect(manifold: Manifold, trusted: ManifoldSample, test: ManifoldSample, q: number): Found {
  const p = conformalPValues(
    evaluateManifold(manifold, trusted.x).score,
    evaluateManifold(manifold, test.x).score
  );
  const flagged = benjaminiHochberg(p, q);
  const { outlier } = test;
  const count = (wanted: (i: number) => boolean): number => p.filter((_, i) => wanted(i)).length;
  const all = count(i => flagged[i] === 1);
  const foreign = count(i => outlier[i] === 1);
  return {
    power: count(i => flagged[i] === 1 && outlier[i] === 1) / foreign,
    fdp: all ? count(i => flagged[i] === 1 && outlier[i] === 0) / all : 0,
    typeOne: count(i => outlier[i] === 0 && p[i] <= 0.05) / (p.length - foreign)
  };
}
