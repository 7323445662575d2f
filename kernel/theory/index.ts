/**
 * `hysim-lab/theory`: density ratios, the manifold and certificates as pure numerics. No I/O, no global state, float64,
 * the same answer for the same seed. Formulas are those of docs/theory; the unit of every bound is the paper.
 */
export { paperBootstrap, pairedBootstrap } from './bootstrap.js';
export type { BootstrapOptions, Interval, Statistic } from './bootstrap.js';
export { binEdges, calibrationFloor, calibrationRatio } from './calibration.js';
export type { Calibration, CalibrationBin, CalibrationFloorInput } from './calibration.js';
export { capByCertificate, cappedWeights, chooseCap, CAP_QUANTILES } from './cap.js';
export type { CapChoice, CapInput, CapRow, CapWithLosses } from './cap.js';
export { bettingLcb, bettingUcb } from './certificate/betting.js';
export type { BettingOptions } from './certificate/betting.js';
export { cltUcb, maurerPontilUcb } from './certificate/concentration.js';
export { directBound } from './certificate/direct.js';
export type { DirectInput } from './certificate/direct.js';
export { lossRange } from './certificate/inputs.js';
export type { LabelNoise, Quantity, Range, WeightKind } from './certificate/inputs.js';
export { correctForNoise, noiseFactor } from './certificate/label-noise.js';
export { checkpointDelta, ledgerDelta, ledgerSpent } from './certificate/ledger.js';
export { microF1Bound } from './certificate/micro-f1.js';
export type { MicroF1Input } from './certificate/micro-f1.js';
export { kernelFor, ridgeNorms, weightedMmd } from './certificate/mmd.js';
export type { Kernel } from './certificate/mmd.js';
export {
  bettingHalfWidth,
  fixOnC,
  observedRisk,
  papersNeeded,
  plannedBound
} from './certificate/planning.js';
export type { FixedOnC, OnC, PapersNeeded } from './certificate/planning.js';
export { ratioUcb } from './certificate/ratio-mean.js';
export type { RatioUcbOptions } from './certificate/ratio-mean.js';
export { tailVariable } from './certificate/tail.js';
export type { Bound, Population, Term, Verdict } from './certificate/terms.js';
export { gaussianKl, lambdaGrid, pacBayesWidth, theorem1a } from './certificate/theorem1a.js';
export type { Theorem1a, Theorem1aInput } from './certificate/theorem1a.js';
export { GAMMA_GRID, sensitivityRows, theorem1b, theorem1bReadings } from './certificate/theorem1b.js';
export type { Theorem1b, Theorem1bInput } from './certificate/theorem1b.js';
export { discrepancyOf, theorem1c } from './certificate/theorem1c.js';
export type { Discrepancy, Theorem1c, Theorem1cInput } from './certificate/theorem1c.js';
export { theorem1bTilt } from './certificate/tilt.js';
export type { TiltInput } from './certificate/tilt.js';
export { unitMean, unitsOf, unitSums, upperMean } from './certificate/units.js';
export type { Estimand, UnitOptions, Units, UpperOptions } from './certificate/units.js';
export { chiSquareEstimate, chiSquareLowerBound } from './chi-square.js';
export type { ChiSquareInput } from './chi-square.js';
export { benjaminiHochberg, conformalPValues } from './conformal.js';
export { chooseDenoiser, DENOISERS, distanceTo, heldOutErrors } from './denoiser.js';
export type { Denoiser, DenoiserChoice, HeldOutError, HeldOutErrors } from './denoiser.js';
export { dimensionVotes, levinaBickel, localPcaDimension, twoNN } from './dimension.js';
export type { DimensionVotes, LocalPcaDimensionOptions } from './dimension.js';
export { foldOnly, rowsOfFold } from './folds.js';
export type { Fold } from './folds.js';
export { capAndGate } from './cap-and-gate.js';
export type { Capped, CapAndGateInput } from './cap-and-gate.js';
export { chooseNeighbors, gainAt, predictedGain } from './gain.js';
export type { GainSizes, NeighborChoice } from './gain.js';
export { essGate, gateOf, temper } from './gate.js';
export type { EssGate } from './gate.js';
export { evaluateKappa, fitKappa, kappaAt } from './kappa.js';
export type { Kappa } from './kappa.js';
export { bruteForceNeighbors, nearestNeighbors } from './knn.js';
export { blockPairs, CandidateHeaps, mergeCandidates, prepareSearch } from './neighbors/candidates.js';
export type { Candidates, CandidateSearch, PreparedSearch } from './neighbors/candidates.js';
export { localOrder, nearBlockPairs } from './neighbors/locality.js';
export { checkSearch } from './neighbors/query.js';
export type { Exclusion, Neighbors } from './neighbors/query.js';
export { refine } from './neighbors/refine.js';
export type { Refinement } from './neighbors/refine.js';
export { median } from './linalg.js';
export { localPca, localPcaAt } from './local-pca.js';
export type { LocalPca, LocalPcaOptions } from './local-pca.js';
export { LocalPcaBatch, suitsBatch } from './local-pca-batch.js';
export type { LocalPcaPart } from './local-pca-batch.js';
export { judgeDistances } from './judge.js';
export type { Judged, JudgeInput } from './judge.js';
export {
  evaluateManifold,
  fitFrame,
  frameIn,
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
export {
  fromFlat,
  fromRows,
  matrix,
  requireFinite,
  rowOf,
  rowsBetween,
  select,
  selectRows,
  stackRows
} from './matrix.js';
export type { Float32Rows, Matrix, Rows } from './matrix.js';
export { accuracy, confusionCounts, f1PerClass, macroF1, paperRisk, zeroOneLoss } from './metrics.js';
export {
  indexPapers,
  oneRowPerPaper,
  paperEss,
  paperFolds,
  paperMeans,
  paperWeights,
  rowCount,
  weightedMean,
  weightedQuantile
} from './papers.js';
export type { PaperIndex, PaperRows, Papers } from './papers.js';
export {
  centreRows,
  fitPca,
  fitPcaInBlocks,
  marchenkoPastur,
  project,
  reconstruct,
  shareOfVariance,
  suitsPcaInBlocks,
  truncatePca
} from './pca.js';
export type { Pca, PcaOptions } from './pca.js';
export { fromJson, toJson } from './plain.js';
export { Random } from '../../common/random.js';
export { projectionCost } from './projection-cost.js';
export { medianDistance } from './ratio/gaussian.js';
export { evaluateRatio } from './ratio/evaluate.js';
export { plainKernelSums } from './ratio/kernel-sums.js';
export type { KernelBasis, KernelMoments, KernelScores, KernelSums } from './ratio/kernel-sums.js';
export { fitKliep } from './ratio/kliep.js';
export type { KliepOptions } from './ratio/kliep.js';
export { kernelMeanMatching, KMM_ROWS } from './ratio/kmm.js';
export type { KmmOptions, KmmWeights } from './ratio/kmm.js';
export { fitLogit, logitSteps } from './ratio/logit.js';
export type { LogitOptions } from './ratio/logit.js';
export { fitLogitQuad } from './ratio/logit-quad.js';
export type { LogitQuadOptions } from './ratio/logit-quad.js';
export { foldWeights, overlapOf, resolutionOf } from './ratio/resolution.js';
export type { FoldWeights, Overlap, Resolution } from './ratio/resolution.js';
export { fitRulsif, rulsifSteps } from './ratio/rulsif.js';
export type { RulsifOptions } from './ratio/rulsif.js';
export {
  DEFAULT_ALPHA,
  heldOutJ,
  leastSquaresJ,
  nameOf,
  normalizeRatio,
  noteOf,
  ratioSteps,
  AUTO_CANDIDATES,
  RATIO_METHODS,
  selectRatio,
  selectRatioSteps,
  uniformRatio
} from './ratio/select.js';
export type { FittedKind, RatioCandidate, RatioSelection, SelectRatioOptions } from './ratio/select.js';
export { Mark, runNow, runSteps } from './ratio/steps.js';
export type { Steps } from './ratio/steps.js';
export { editDistance, editSimilarity, HYBRID, prepareText, tokenDice } from './ratio/text-similarity.js';
export type { PreparedText } from './ratio/text-similarity.js';
export {
  cosineTilt,
  exponentialTilt,
  hybridSimilarity,
  kernelTilt,
  normalizeTilt,
  TILT_BETAS
} from './ratio/tilt.js';
export type { KernelTiltOptions, TextRows, TiltKind } from './ratio/tilt.js';
export type {
  KernelRatio,
  LogitQuadRatio,
  LogitRatio,
  Ratio,
  RatioKind,
  RatioRows,
  Sides,
  UniformRatio
} from './ratio/types.js';
export { estimateReach } from './reach.js';
export type { ReachOptions } from './reach.js';
export {
  leastFlags,
  paperScores,
  robustZ,
  rowReference,
  trustedReference,
  typeOneFactors
} from './reference.js';
export type { TrustedReference } from './reference.js';
export {
  simulate,
  SIMULATION_DEFAULTS,
  SIMULATION_KINDS,
  trueChiSquare,
  trueDifference,
  trueRisk,
  trueRisks
} from './simulate.js';
export type { Predictor, Simulation, SimulationKind, SimulationSpec } from './simulate.js';
export { gaussianHead } from './simulate/gaussian.js';
export { LATENT } from './simulate/latent.js';
export { OUTLIERS, sampleManifold, shapeDistance, shapeFacts, SHAPES } from './simulate/manifolds.js';
export type { ManifoldSample, ManifoldSpec, OutlierKind, Shape } from './simulate/manifolds.js';
export { binomialUpperTail, logGamma, normalCdf, normalQuantile } from './special.js';
export {
  expectedKappa,
  expectedKappaDistance,
  foreignKappaBound,
  kappaCap,
  manifoldCap,
  measuredContribution,
  noiseDistanceBound,
  noiseDistances,
  theorem2
} from './theorem2.js';
export type { ManifoldCapInput, NoiseDistances, NoiseSizes, Theorem2 } from './theorem2.js';
export { trustworthiness } from './trustworthiness.js';
export { fitCurve } from './umap/curve.js';
export type { Curve } from './umap/curve.js';
export { fuzzyUnion, memberships } from './umap/graph.js';
export type { Edges } from './umap/graph.js';
export { optimizeLayout } from './umap/layout.js';
export type { LayoutOptions, PictureDimensions } from './umap/layout.js';
export { fitUmap, placeUmap } from './umap/umap.js';
export type { UmapOptions } from './umap/umap.js';
