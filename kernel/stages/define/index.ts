/** How a stage is made. */
export { bypassParameter, isBypassed } from './bypass.js';
export { defineStage, plannableOf, type Filled, type Stage } from './stage.js';
export type { KnownInputs } from '../cache/index.js';
export { type FinishOffer, type Job } from './job.js';
