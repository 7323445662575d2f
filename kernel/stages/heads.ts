/**
 * Training and asking heads on a frozen encoder: what finetune, ablate, evaluate and certify share. The base
 * measure of every arm is recipe P's (errata.md E4): a row of a paper with N rows counts 1 / N, so that the
 * objective is the risk of the average paper that the certificate speaks of.
 */
import { DataError, InputError } from '../../common/errors.js';
import { engine, lastState, type TextRows, type TrainingEnd, type TrainingState } from '../engine/index.js';
import type { HeadShape } from '../onnx/index.js';
import { paperWeights } from '../theory/index.js';
import type { Job, KnownInputs } from './define/index.js';
import { embedRows, type Embedded } from './embed.js';
import { checkTexts, predictLora, trainLora } from './lora.js';
import type { TrainingSettings } from './training-params.js';
import type { Data } from './values/data.js';
import type { Denoised } from './values/denoised.js';
import { Model, type CurvePoint, type HeadParts, type TrainingRecord } from './values/model.js';
import type { Space } from './values/space.js';
import type { Weights } from './values/weights.js';

/** What distinguishes one trained head from another. */
export interface ArmSpec {
  name: string;
  /** A factor a row of Data, beside 1 / N; 1 everywhere when left out. */
  weights?: ArrayLike<number>;
  /** Adds the labelled rows of the target's fold F. */
  targetLabels?: boolean;
  /** The review, whose new labels hold. */
  clean?: Denoised;
  /** The embedding that the weights were made on: what `encoder: "auto"` then means. */
  space?: Space;
}

/** Who looks on while an arm trains, and may end it. */
export interface Watch {
  /** The curves as they grow. Adapters begin new ones, after the head's. */
  curves?(points: readonly CurvePoint[], part: 'head' | 'LoRA'): void;
  /** Aborting it ends training with the best epoch so far; a head that is ended so gets no adapters. */
  finish?: AbortSignal;
}

/** The encoder that a training reads: what `encoder` names, and for "auto" what the arm's space or the data have. */
export function trainedEncoder({ data, weights, clean }: KnownInputs, encoder: string): string {
  return encoder === 'auto' ? (weights ?? clean ?? data)!.facts.encoder! : encoder;
}

/** @throws InputError when weights were made from another denoising than the one given beside them */
export function checkSameCleaning(stage: string, weights?: Weights, clean?: Denoised): void {
  if (weights && clean && weights.clean.id !== clean.id) {
    throw new InputError(
      stage,
      'clean',
      `${stage}: the weights were made from another denoising than the one given as "clean". Run weigh again with this one.`
    );
  }
}

interface Rows {
  rows: number[];
  labels: string[];
  weights: Float32Array;
}

function rowsFor(data: Data, arm: ArmSpec, fold: 'F' | 'C'): Rows {
  const visible = data.labelsFor(arm.targetLabels && fold === 'F' ? 'target-labels' : 'fit');
  const candidates = [
    ...data.rows('source', fold),
    ...(arm.targetLabels && fold === 'F' ? data.rows('target', 'F') : [])
  ];
  const rows: number[] = [];
  const labels: string[] = [];
  for (const i of candidates) {
    const label = arm.clean ? arm.clean.relabel(i, visible[i]!) : visible[i]!;
    if (label === null) continue;
    rows.push(i);
    labels.push(label);
  }
  const base = paperWeights(rows.map(i => data.paper[i]!));
  const weights = Float32Array.from(
    rows,
    (i, k) => base[k]! * rows.length * (arm.weights ? arm.weights[i]! : 1)
  );
  return { rows, labels, weights };
}

/** Standardised rows [rows, dimension] as the head reads them. */
function standardised(
  embedded: Embedded,
  rows: readonly number[],
  mean: Float32Array,
  scale: Float32Array
): Float32Array {
  const { dimension, vectors } = embedded;
  const x = new Float32Array(rows.length * dimension);
  rows.forEach((row, k) => {
    for (let j = 0; j < dimension; j++) {
      x[k * dimension + j] = (vectors[row * dimension + j]! - mean[j]!) / scale[j]!;
    }
  });
  return x;
}

function standardisation(
  embedded: Embedded,
  rows: readonly number[]
): { mean: Float32Array; scale: Float32Array } {
  const { dimension, vectors } = embedded;
  const mean = new Float64Array(dimension);
  const square = new Float64Array(dimension);
  for (const row of rows)
    for (let j = 0; j < dimension; j++) mean[j]! += vectors[row * dimension + j]! / rows.length;
  for (const row of rows) {
    for (let j = 0; j < dimension; j++)
      square[j]! += (vectors[row * dimension + j]! - mean[j]!) ** 2 / rows.length;
  }
  // A constant coordinate says nothing: scale 1 leaves it at 0.
  return {
    mean: Float32Array.from(mean),
    scale: Float32Array.from(square, value => (value > 1e-16 ? Math.sqrt(value) : 1))
  };
}

/**
 * Trains a head, and with method "lora" then adapters and head together, on fold F of the source, and keeps the
 * epoch with the lowest loss on its fold C.
 * @throws DataError when fold F has a single class, or all weights are 0
 * @throws ParameterError when adapters are asked for on data without texts
 */
export async function trainArm(
  data: Data,
  arm: ArmSpec,
  settings: TrainingSettings,
  stage: string,
  job: Job,
  watch: Watch = {}
): Promise<Model> {
  const { finish } = watch;
  const lora = settings.method === 'lora';
  if (lora) checkTexts(data, stage);
  const encoder = settings.encoder === 'auto' && arm.space ? arm.space.encoder : settings.encoder;
  const embedded = await embedRows(data, encoder, stage, job);
  const fit = rowsFor(data, arm, 'F');
  const choose = rowsFor(data, arm, 'C');
  const distinct = new Set(fit.labels);
  if (distinct.size < 2) {
    throw new DataError(
      `${stage}: fold F has ${distinct.size === 0 ? 'no labels' : `a single class, "${[...distinct][0]}"`}. A model needs at least two: split with another seed, or load more tables.`
    );
  }
  if (!fit.weights.some(w => w > 0)) {
    throw new DataError(
      `${stage}: every training weight of fold F is 0. Check the cap, the review and the clean weights.`
    );
  }
  const classes = [...new Set([...fit.labels, ...choose.labels])].sort();
  const code = new Map(classes.map((name, i) => [name, i]));
  const { mean, scale } = standardisation(embedded, data.rows('source', 'F'));
  const held = choose.weights.some(w => w > 0);
  const codes = ({ labels }: Rows): Int32Array => Int32Array.from(labels, label => code.get(label)!);
  const input = {
    x: standardised(embedded, fit.rows, mean, scale),
    y: codes(fit),
    features: embedded.dimension,
    weights: fit.weights,
    classes: classes.length,
    valid: held
      ? {
          x: standardised(embedded, choose.rows, mean, scale),
          y: codes(choose),
          features: embedded.dimension,
          weights: choose.weights
        }
      : undefined,
    hidden: settings.hidden,
    epochs: settings.epochs,
    batchSize: settings.batch,
    lr: settings.learning_rate,
    weightDecay: settings.weight_decay,
    patience: settings.patience,
    seed: settings.seed
  };
  const output = await resuming(job, (resume: TrainingState | undefined) =>
    engine().run(
      'train-head',
      { ...input, resume },
      {
        signal: job.signal,
        finish,
        progress: (fraction, message, partial) => {
          tell(watch, partial, 'head');
          job.progress(
            lora ? HEAD_SHARE * fraction : fraction,
            `${arm.name}: ${lora ? 'head, ' : ''}${message}`
          );
        }
      }
    )
  );
  const head = {
    encoder: embedded.encoder,
    dimension: embedded.dimension,
    hidden: settings.hidden,
    classes,
    mean,
    scale,
    parameters: output.parameters,
    layout: output.layout
  };
  const record = (end: TrainingEnd): TrainingRecord => {
    const curves = curvesOf(end);
    const stopped = end.ended === 'person' ? `stopped by a person at epoch ${curves.length}` : undefined;
    return {
      arm: arm.name,
      curves,
      kept: curves.find(point => point.epoch === end.bestEpoch) ?? curves.at(-1)!,
      rows: fit.rows.length,
      papers: data.papersOf(fit.rows),
      ended: end.ended,
      stopped
    };
  };
  if (!lora) return new Model(data.id, head, record(output));
  if (output.ended === 'person') {
    const { stopped, ...rest } = record(output);
    return new Model(data.id, head, {
      ...rest,
      stopped: `${stopped} of the head, before adapters were trained`
    });
  }
  const rows = ({ rows, weights }: Rows, y: Int32Array): TextRows => ({
    texts: rows.map(i => data.text[i]!),
    y,
    weights
  });
  const adapted = await resuming(job, resume =>
    trainLora(head, rows(fit, input.y), input.valid && rows(choose, input.valid.y), settings, resume, {
      signal: job.signal,
      finish,
      progress: (fraction, message, partial) => {
        tell(watch, partial, 'LoRA');
        job.progress(HEAD_SHARE + (1 - HEAD_SHARE) * fraction, `${arm.name}: LoRA, ${message}`);
      }
    })
  );
  return new Model(data.id, adapted.head, record(adapted.end), adapted.adapter);
}

function curvesOf({ curves }: Pick<TrainingEnd, 'curves'>): CurvePoint[] {
  return curves.map(({ epoch, step, train, valid }) => ({ epoch, step, train, choose: valid ?? train }));
}

function tell(watch: Watch, partial: unknown, part: 'head' | 'LoRA'): void {
  const state = partial as TrainingState | undefined;
  if (state && state.curves.length > 0) watch.curves?.(curvesOf(state), part);
}

/** How far the progress bar is when the head is trained and LoRA begins. */
const HEAD_SHARE = 0.05;

/** Once more from the last state, should the engine be lost while it trains; its second end is an error. */
async function resuming<T>(job: Job, run: (resume: TrainingState | undefined) => Promise<T>): Promise<T> {
  try {
    return await run(undefined);
  } catch (error) {
    const state = lastState(error) as TrainingState | undefined;
    if (job.signal.aborted || state === undefined || (error as Error).name !== 'EngineError') throw error;
    job.progress(0, 'the engine was lost; going on from its last state');
    return run(state);
  }
}

/** The class that the model gives to each of these rows. */
export async function predict(
  model: Model,
  data: Data,
  rows: readonly number[],
  stage: string,
  job: Job
): Promise<string[]> {
  const { head, adapter } = model;
  const probabilities = adapter
    ? await predictLora(
        head,
        adapter,
        rows.map(i => data.text[i]!),
        job
      )
    : await predictHead(head, await embedRows(data, head.encoder, stage, job), rows, job);
  const k = head.classes.length;
  return rows.map((_, i) => {
    let best = 0;
    for (let c = 1; c < k; c++) if (probabilities[i * k + c]! > probabilities[i * k + best]!) best = c;
    return head.classes[best]!;
  });
}

/** A head and these rows as its graph reads them. */
export function headInput(
  head: HeadParts,
  embedded: Embedded,
  rows: readonly number[]
): { head: HeadShape; parameters: Float32Array; x: Float32Array } {
  return {
    head: { features: head.dimension, classes: head.classes.length, hidden: head.hidden },
    parameters: head.parameters,
    x: standardised(embedded, rows, head.mean, head.scale)
  };
}

async function predictHead(
  head: HeadParts,
  embedded: Embedded,
  rows: readonly number[],
  job: Job
): Promise<Float32Array> {
  const input = headInput(head, embedded, rows);
  const { probabilities } = await engine().run('head-forward', input, { signal: job.signal });
  return probabilities;
}
