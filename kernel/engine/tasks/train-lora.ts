/**
 * Trains LoRA on a frozen encoder together with a head: AdamW on seeded steps of texts of like length, the gradient
 * of a step added up over calls that are short enough to be stopped between. Loop, curves, best epoch and resuming
 * are those of all training tasks (training.ts).
 */
import { DataError } from '../../../common/errors.js';
import {
  headLayout,
  loraGradientGraph,
  loraModelInitial,
  loraModelLayout,
  optimiserGraph,
  parameterCount,
  type HeadShape,
  type LoraModel
} from '../../onnx/index.js';
import { openSession, type Session } from '../session.js';
import { defineTask, type Job } from '../task.js';
import { openEncoderFiles, tokenFeeds, type EncoderFiles } from '../text-encoder.js';
import { checkDistinct, checkTargets, meanWeight, oneHot } from './head-rows.js';
import { epochSteps, lengthBuckets, type StepRows } from './lora-batches.js';
import { loraModelOf, Predictor, tokenize, type Tokenized } from './lora-forward.js';
import type { TextRows, TrainLoraInput, TrainLoraOutput } from './lora-types.js';
import {
  checkSettings,
  scalar,
  startingState,
  train,
  vector,
  type Trainee,
  type TrainingState
} from './training.js';

const TASK = 'train-lora';
/** Most padded tokens in a call; a step with more takes several. */
const CALL_TOKENS = 512;
/** Each length that is padded to has a session of its own. */
const MOST_BUCKETS = 3;
const SCHEDULE = { kind: 'linear', warmUp: 0.1 } as const;

export const trainLora = defineTask({
  name: TASK,
  async run(input: TrainLoraInput, job: Job): Promise<TrainLoraOutput> {
    check(input);
    const run = new LoraRun(input, await openEncoderFiles(input.folder, job));
    try {
      await run.open();
      const end = await train(run, run.state, job);
      const { head, layout, cut, buckets } = run;
      return { ...end, head, layout, cut, buckets };
    } finally {
      await run.close();
    }
  }
});

function check(input: TrainLoraInput): void {
  const { classes, hidden = 0, epochs = 8, batchSize = 16, lr = 1e-3, seed = 0, patience = 1, valid } = input;
  const counts = [
    ['classes', classes, 2],
    ['hidden', hidden, 0],
    ['epochs', epochs, 1],
    ['batchSize', batchSize, 1],
    ['patience', patience, 1],
    ['seed', seed, 0],
    ['maxTokens', input.maxTokens ?? 3, 3]
  ] as const;
  checkSettings(TASK, counts, lr);
  const sets: [string, TextRows][] = [
    ['train', input],
    ...(valid ? [['valid', valid] as [string, TextRows]] : [])
  ];
  for (const [which, rows] of sets) {
    checkTargets(TASK, which, rows, classes);
    if (rows.texts.length !== rows.y.length) {
      throw new DataError(`${TASK}: ${rows.texts.length} texts for ${rows.y.length} ${which} rows.`);
    }
  }
  checkDistinct(TASK, input);
}

class LoraRun implements Trainee {
  readonly head: HeadShape;
  readonly layout: TrainLoraOutput['layout'];
  readonly rows: number;
  readonly epochs: number;
  readonly lr: number;
  readonly stepsPerEpoch: number;
  readonly schedule: NonNullable<TrainLoraInput['schedule']>;
  readonly patience: number | undefined;
  readonly state: TrainingState;
  readonly advice = 'check the standardisation, or lower alpha';
  readonly heldOut: Trainee['heldOut'];
  readonly cut: number;
  readonly buckets: number[];
  private readonly model: LoraModel;
  private readonly train: Tokenized;
  private readonly lengths: number[];
  private readonly batch: number;
  private readonly seed: number;
  private readonly meanWeight: number;
  private readonly sessions = new Map<number, Session>();
  private optimiser!: Session;
  private predictor: Predictor | undefined;

  constructor(
    private readonly input: TrainLoraInput,
    private readonly files: EncoderFiles
  ) {
    const { classes, hidden = 0, epochs = 8, batchSize = 16, lr = 1e-3, seed = 0, valid, lora } = input;
    const { weightDecay, clipNorm = 1, schedule = SCHEDULE, maxTokens } = input;
    this.head = { features: files.encoder.config.width, classes, hidden };
    this.model = loraModelOf(TASK, files, input, this.head);
    this.layout = loraModelLayout(this.model);
    const size = parameterCount(headLayout(this.head));
    if (input.head && input.head.length !== size) {
      throw new DataError(
        `${TASK}: the head has ${size} parameters, and ${input.head.length} were given to start from.`
      );
    }
    this.train = tokenize(input.texts, files, maxTokens);
    this.lengths = Array.from(this.train.place, index => this.train.rows[index]!.length);
    this.buckets = lengthBuckets(this.lengths, MOST_BUCKETS, files.encoder.maxTokens);
    this.rows = input.y.length;
    this.batch = Math.min(batchSize, this.rows);
    this.epochs = epochs;
    this.lr = lr;
    this.schedule = schedule;
    this.patience = input.patience;
    this.seed = seed;
    this.stepsPerEpoch = Math.ceil(this.rows / this.batch);
    this.meanWeight = meanWeight(TASK, 'train', input);
    const held = valid && tokenize(valid.texts, files, maxTokens);
    this.cut = this.train.cut + (held?.cut ?? 0);
    if (valid && held) this.heldOut = (parameters, pause) => this.validLoss(parameters, valid, held, pause);
    const { head, rows, batch } = this;
    const { device, threads = 2 } = input;
    const settings = JSON.stringify({
      ...{ sha256: files.sha256, lora, head, rows, batch, epochs, lr, weightDecay, clipNorm, schedule, seed },
      ...{ maxTokens, device, threads, started: input.head !== undefined }
    });
    this.state = startingState(TASK, settings, input.resume, () =>
      loraModelInitial(this.model, seed, input.head)
    );
  }

  async open(): Promise<void> {
    const { device, weightDecay, clipNorm = 1 } = this.input;
    const size = parameterCount(this.layout);
    this.optimiser = await openSession(optimiserGraph(size, { weightDecay, clipNorm }), { device });
    if (this.heldOut) {
      this.predictor = await Predictor.open(this.model, this.files.encoder.folder, this.input);
    }
  }

  async close(): Promise<void> {
    await this.optimiser?.dispose();
    await this.predictor?.close();
    for (const session of this.sessions.values()) await session.dispose();
  }

  /** Rows in a call on texts of this length. */
  private callRows(tokens: number): number {
    return Math.max(1, Math.min(this.batch, Math.floor(CALL_TOKENS / tokens)));
  }

  /** Opened on first use. Without prepacking, the sessions share the pages of the weights' file. */
  private async trainer(tokens: number): Promise<Session> {
    let session = this.sessions.get(tokens);
    if (!session) {
      const { device, threads = 2 } = this.input;
      const model = loraGradientGraph(this.model, { batch: this.callRows(tokens), tokens });
      const folder = this.files.encoder.folder;
      session = await openSession(model, { device, threads, folder, prepack: false });
      this.sessions.set(tokens, session);
    }
    return session;
  }

  async step(
    state: Readonly<TrainingState>,
    { epoch, index, rate }: { epoch: number; index: number; rate: number },
    pause: () => void
  ): ReturnType<Trainee['step']> {
    const { rows, tokens } = this.steps(epoch)[index]!;
    const session = await this.trainer(tokens);
    const size = this.callRows(tokens);
    let [gradient, loss]: [Float32Array | undefined, number] = [undefined, 0];
    for (let from = 0; from < rows.length; from += size) {
      if (from > 0) pause();
      const part = rows.slice(from, from + size);
      const result = await session.run(this.feeds(state.p, part, size, tokens, rows.length));
      loss += result.loss![0]!;
      if (gradient) result.g!.forEach((value, i) => (gradient![i]! += value));
      else gradient = result.g!;
    }
    const result = await this.optimiser.run({
      p: vector(state.p),
      m: vector(state.m),
      v: vector(state.v),
      t: scalar(state.step),
      lr: scalar(rate),
      g: vector(gradient!)
    });
    const { p2: p, m2: m, v2: v } = result as Record<'p2' | 'm2' | 'v2', Float32Array>;
    return { p, m, v, loss, rows: rows.length };
  }

  /** A call that is short of rows repeats its first text with weight 0: a row must have tokens. */
  private feeds(
    parameters: Float32Array,
    rows: readonly number[],
    size: number,
    tokens: number,
    stepRows: number
  ): Parameters<Session['run']>[0] {
    const { input, head, train } = this;
    const filled = Array.from({ length: size }, (_, i) => rows[i] ?? rows[0]!);
    const w = Float32Array.from(filled, (row, i) => (i < rows.length ? (input.weights?.[row] ?? 1) : 0));
    const y = oneHot(
      filled.map(row => input.y[row]!),
      head.classes
    );
    return {
      ...tokenFeeds(
        filled.map(row => train.rows[train.place[row]!]!),
        tokens
      ),
      p: vector(parameters),
      centre: vector(input.centre),
      spread: vector(input.spread),
      y: { data: y, shape: [size, head.classes] },
      w: vector(w),
      scale: scalar(1 / (stepRows * this.meanWeight))
    };
  }

  /** sum(w l) / sum(w), with -ln p from the logits, so that no probability is rounded to 0. */
  private async validLoss(
    parameters: Float32Array,
    { y, weights }: TextRows,
    texts: Tokenized,
    pause: () => void
  ): Promise<number> {
    const { logits } = await this.predictor!.predict(texts, parameters, pause);
    const { classes } = this.head;
    let [loss, mass] = [0, 0];
    for (let row = 0; row < y.length; row++) {
      const z = logits.subarray(row * classes, (row + 1) * classes);
      const top = Math.max(...z);
      const sum = z.reduce((total, value) => total + Math.exp(value - top), 0);
      const weight = weights?.[row] ?? 1;
      loss += weight * (Math.log(sum) + top - z[y[row]!]!);
      mass += weight;
    }
    return loss / mass;
  }

  private cachedSteps: { epoch: number; steps: StepRows[] } | undefined;

  private steps(epoch: number): StepRows[] {
    if (this.cachedSteps?.epoch !== epoch) {
      const steps = epochSteps(this.lengths, this.buckets, this.batch, this.seed, epoch);
      this.cachedSteps = { epoch, steps };
    }
    return this.cachedSteps.steps;
  }
}
