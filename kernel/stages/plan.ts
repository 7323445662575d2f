/**
 * `planStages`: what the calls of a notebook would find in the cache. For whoever draws the notebook: it names stages as
 * the code does, and knows none but ours.
 */
import type { Stage } from './define/index.js';
import { plannableOf } from './define/index.js';
import { planSteps, type Planned, type PlannedInput } from './cache/planner.js';
import { ablate } from './ablate.js';
import { certify } from './certify.js';
import { denoise } from './denoise.js';
import { embed } from './embed.js';
import { evaluate } from './evaluate.js';
import { finetune } from './finetune.js';
import { load } from './load.js';
import { review } from './review.js';
import { samples } from './samples.js';
import { simulate } from './simulate.js';
import { split } from './split.js';
import { weigh } from './weigh.js';

export type { Planned, PlannedInput } from './cache/planner.js';

const STAGES = [
  ...[load, samples, split, simulate, embed, denoise],
  ...[review, weigh, finetune, evaluate, ablate, certify]
];
const BY_NAME = new Map(STAGES.map(stage => [stage.spec.name, stage as unknown as Stage<{}, {}, never>]));

export interface PlannedCall {
  /** Name of the stage, e.g. "denoise". */
  readonly stage: string;
  /** By port; a port whose input is unknown is there with `undefined`, one that is left out is absent. */
  readonly inputs: Readonly<Record<string, PlannedInput | undefined>>;
  /** Parameters as the call gives them; undefined where they are only known when it runs. */
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

/** One answer a call, in their order. A call refers to earlier ones by their place in the list. Nothing is run. */
export async function planStages(calls: readonly PlannedCall[]): Promise<readonly Planned[]> {
  return planSteps(
    calls.map(({ stage, inputs, params }) => {
      const found = BY_NAME.get(stage);
      return { stage: found ? plannableOf(found) : undefined, inputs, params };
    })
  );
}
