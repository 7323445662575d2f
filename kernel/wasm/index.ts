/** SIMD kernels for loops that are no matrix products, compiled from AssemblyScript. Nothing of ours is imported here. */
export { Arena, instantiate } from './load.js';
export type { Kernels } from './load.js';
export type { GaussianKernels } from './gaussian.js';
export type { LogisticKernels } from './logistic.js';
export type { UmapKernels } from './umap.js';
export type { DistanceKernels } from './distances.js';
export type { LocalPcaKernels } from './local-pca.js';
export type { NeighborKernels } from './neighbors.js';
