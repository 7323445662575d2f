/**
 * `hysim-lab`: the stages, in the order in which an analysis takes them, and the values that they pass on. In a
 * notebook: `import * as hysim from "hysim-lab"`.
 */
import { followCells } from './follow.js';

export { load, type LoadParams } from './load.js';
export { samples, type SamplesParams } from './samples.js';
export { split, type SplitParams } from './split.js';
export { simulate, type SimulateParams } from './simulate.js';
export { embed, type EmbedParams } from './embed.js';
export { project, type ProjectParams } from './project.js';
export { denoise, type DenoiseParams } from './denoise.js';
export { review, type ReviewParams } from './review.js';
export { weigh, type WeighParams } from './weigh.js';
export { finetune, type FinetuneInputs, type FinetuneParams } from './finetune.js';
export { evaluate, type EvaluateParams } from './evaluate.js';
export { ablate, type AblateInputs, type AblateParams } from './ablate.js';
export { certify, type CertifyInputs, type CertifyParams } from './certify.js';
export { defineStage, type Job, type Stage } from './define/index.js';
export { planStages, type Planned, type PlannedCall, type PlannedInput } from './plan.js';
export { cache, type ClearOptions, type ResultCache } from './cache/api.js';
export type { CachedResult, CacheListing } from './cache/listing.js';
export { Certificate } from './values/certificate.js';
export { Data, type Domain, type Fold, type LabelUse } from './values/data.js';
export { Denoised } from './values/denoised.js';
export { Model } from './values/model.js';
export { Picture } from './values/picture.js';
export { Report, type Arm, type Interval } from './values/report.js';
export { Samples } from './values/samples.js';
export { Space } from './values/space.js';
export { Tables } from './values/tables.js';
export { Value, type Provenance } from './values/value.js';
export { Weights } from './values/weights.js';
export * from '../../common/errors.js';
export { chip } from '../../common/labels.js';
export type { Label, LabelledNumber } from '../../common/labels.js';
export { engine } from '../engine/index.js';

followCells();
