/**
 * `hysim-lab/theory`: density ratios, the manifold and certificates as pure numerics. No I/O, no global state, float64,
 * the same answer for the same seed. Formulas are those of docs/theory; the unit of every bound is the paper.
 */
export { paperBootstrap, pairedBootstrap } from './bootstrap.js';
export type { BootstrapOptions, Interval, Statistic } from './bootstrap.js';
export { calibrationRatio } from './calibration.js';
export type { Calibration, CalibrationBin } from './calibration.js';
export { capByCertificate, cappedWeights, chooseCap, CAP_QUANTILES } from './cap.js';
export type { CapChoice, CapInput, CapRow, CapWithLosses } from './cap.js';
export { bettingLcb, bettingUcb } from './certificate/betting.js';
export type { BettingOptions } from './certificate/betting.js';
export { cltUcb, maurerPontilUcb } from './certificate/concentration.js';
export { directBound } from './certificate/direct.js';
export type { DirectInput } from './certificate/direct.js';
export { ledgerDelta, ledgerSpent } from './certificate/ledger.js';
export {
  bettingHalfWidth,
  fixOnC,
  observedRisk,
  papersNeeded,
  plannedBound
} from './certificate/planning.js';
export type { FixedOnC, OnC, PapersNeeded } from './certificate/planning.js';
export { lossRange } from './certificate/terms.js';
export type { Bound, Population, Quantity, Range, Term, Verdict } from './certificate/terms.js';
export {
  GAMMA_GRID,
  sensitivityRows,
  tailVariable,
  theorem1b,
  theorem1bReadings
} from './certificate/theorem1b.js';
export type { Theorem1b, Theorem1bInput } from './certificate/theorem1b.js';
export { theorem1bTilt } from './certificate/tilt.js';
export type { TiltInput } from './certificate/tilt.js';
export { chiSquareEstimate, chiSquareLowerBound } from './chi-square.js';
export type { ChiSquareInput } from './chi-square.js';
export { benjaminiHochberg, conformalPValues } from './conformal.js';
export { dimensionVotes, levinaBickel, localPcaDimension, twoNN } from './dimension.js';
export type { DimensionVotes, LocalPcaDimensionOptions } from './dimension.js';
export { foldOnly, rowsOfFold } from './folds.js';
export type { Fold } from './folds.js';
export { capAndGate } from './cap-and-gate.js';
export type { Capped, CapAndGateInput } from './cap-and-gate.js';
export { essGate, gateOf, temper } from './gate.js';
export type { EssGate } from './gate.js';
export { evaluateKappa, fitKappa, kappaAt } from './kappa.js';
export type { Kappa } from './kappa.js';
export { checkSearch, excludedBy, nearestNeighbors } from './knn.js';
export type { Exclusion, Neighbors } from './knn.js';
export { blockRows, frameOf } from './neighbors/blocks.js';
export type { BlockRows } from './neighbors/blocks.js';
export { blockPairs, CandidateHeaps, mergeCandidates } from './neighbors/candidates.js';
export type { Candidates, CandidateSearch } from './neighbors/candidates.js';
export { localOrder, nearBlockPairs } from './neighbors/locality.js';
export { candidatesFor, refine } from './neighbors/refine.js';
export type { Refinement } from './neighbors/refine.js';
export { median } from './linalg.js';
export { localPca } from './local-pca.js';
export type { LocalPca, LocalPcaOptions } from './local-pca.js';
export { judgeDistances } from './judge.js';
export type { Judged, JudgeInput } from './judge.js';
export {
  evaluateManifold,
  fitFrame,
  fitManifold,
  fitScales,
  measureManifold,
  offManifold,
  robustScale,
  unscaledManifold
} from './manifold.js';
export type {
  Frame,
  Manifold,
  ManifoldDistances,
  ManifoldOptions,
  ManifoldScores,
  Residuals,
  RobustScale
} from './manifold.js';
export { fromFlat, fromRows, matrix, requireFinite, rowOf, select, selectRows, stackRows } from './matrix.js';
export type { Matrix, Rows } from './matrix.js';
export { accuracy, confusionCounts, f1PerClass, macroF1, paperRisk, zeroOneLoss } from './metrics.js';
export {
  indexPapers,
  oneRowPerPaper,
  paperEss,
  paperFolds,
  paperMeans,
  paperWeights,
  weightedMean,
  weightedQuantile
} from './papers.js';
export type { PaperIndex, Papers } from './papers.js';
export { fitPca, marchenkoPastur, pcaOfCovariance, project, reconstruct, shareOfVariance, truncatePca } from './pca.js';
export type { Pca, PcaOptions } from './pca.js';
export { fromJson, toJson } from './plain.js';
export { Random } from '../../common/random.js';
export { evaluateRatio } from './ratio/evaluate.js';
export { fitLogitQuad } from './ratio/logit-quad.js';
export type { LogitQuadOptions } from './ratio/logit-quad.js';
export { fitRulsif } from './ratio/rulsif.js';
export type { RulsifOptions } from './ratio/rulsif.js';
export { heldOutJ, normalizeRatio, selectRatio, uniformRatio } from './ratio/select.js';
export type { RatioCandidate, RatioSelection, SelectRatioOptions } from './ratio/select.js';
export type {
  LogitQuadRatio,
  Ratio,
  RatioKind,
  RatioRows,
  RulsifRatio,
  UniformRatio
} from './ratio/types.js';
export {
  LATENT,
  simulate,
  SIMULATION_DEFAULTS,
  trueChiSquare,
  trueDifference,
  trueRisk
} from './simulate.js';
export type { Predictor, Simulation, SimulationSpec } from './simulate.js';
export { binomialUpperTail, logGamma, normalCdf, normalQuantile } from './special.js';
export { expectedKappa, expectedKappaDistance, kappaCap, noiseDistanceBound, theorem2 } from './theorem2.js';
export type { Theorem2 } from './theorem2.js';
export { trustworthiness } from './trustworthiness.js';
export { fitCurve } from './umap/curve.js';
export type { Curve } from './umap/curve.js';
export { fuzzyUnion, memberships } from './umap/graph.js';
export type { Edges } from './umap/graph.js';
export { optimizeLayout } from './umap/layout.js';
export type { LayoutOptions, PictureDimensions } from './umap/layout.js';
export { fitUmap, placeUmap } from './umap/umap.js';
export type { UmapOptions } from './umap/umap.js';
