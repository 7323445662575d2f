/**
 * review: applies what a person decided on flagged samples. It never waits for a person: it returns with the
 * decisions that the log holds, and passes its input on where there are none.
 */
import { Type, type Static } from '@sinclair/typebox';
import { readDecisions, type Decision } from '../store/index.js';
import { bypassParameter, defineStage, type Stage } from './define/index.js';
import { Denoised } from './values/denoised.js';

const Params = Type.Object({
  log: Type.Optional(
    Type.String({
      default: 'decisions.jsonl',
      minLength: 1,
      'x-path': 'file',
      description:
        'The decision log, JSON lines; taken from the notebook’s folder. A missing log holds no decisions.'
    })
  ),
  bypass: bypassParameter('Leaves the review out: passes its input on, whatever the log holds.')
});

export type ReviewParams = Static<typeof Params>;

export const review: Stage<{ clean: Denoised }, ReviewParams, Denoised> = defineStage({
  name: 'review',
  version: 1,
  title: 'Review',
  description: 'Keeps, drops or relabels samples as a person decided; folds F and C only.',
  inputs: { clean: { kind: 'denoised', description: 'denoised samples with their flags' } },
  output: 'denoised',
  params: Params,
  deterministic: true,
  cache: true,
  // All of every decision: the id goes by its outcome alone, and the value also tells by whom and when.
  outside: async (_inputs, { log }) => [...(await readDecisions(log)).values()],
  places: ['log'],
  bypass: async ({ clean }: { clean: Denoised }) => clean,
  async run({ clean }: { clean: Denoised }, { log }) {
    const decisions = await readDecisions(log);
    const { data } = clean.space;
    const row = new Map(data.ids.map((id, i) => [id, i]));
    const applied = new Map<string, Decision>();
    let heldOut = 0;
    let elsewhere = 0;
    for (const decision of decisions.values()) {
      const i = row.get(decision.sample);
      const fold = i === undefined ? undefined : data.fold[i]!;
      // A log outlives the split that it was made on. What is in V or U now certifies and stays as it was.
      if (fold === undefined) elsewhere++;
      else if (fold === 'V' || fold === 'U') heldOut++;
      else applied.set(decision.sample, decision);
    }
    if (applied.size === 0) return clean;
    const kappa = clean.columns.kappa.slice();
    const flagged = clean.columns.flagged.slice();
    for (const { sample, decision } of applied.values()) {
      const i = row.get(sample)!;
      kappa[i] = decision === 'drop' ? 0 : 1;
      flagged[i] = 0;
    }
    return new Denoised(clean.space, { ...clean.columns, kappa, flagged }, clean.manifold, {
      decisions: applied,
      heldOut,
      elsewhere
    });
  }
});
