/**
 * Trains a classification head on fixed features: AdamW on seeded mini-batches, a held-out loss after each
 * epoch, early stopping, and a state to resume from with the same bits. Features are taken as they come:
 * standardise them before.
 */
import { DataError } from '../../../common/errors.js';
import {
  headInitial,
  headLayout,
  headLossGraph,
  headTrainingGraph,
  type HeadShape
} from '../../onnx/index.js';
import { openSession, type Session } from '../session.js';
import { defineTask, type Job } from '../task.js';
import { checkDistinct, checkRows, meanWeight, oneHot, type HeadRows } from './head-rows.js';
import type { TrainHeadInput, TrainHeadOutput } from './head-types.js';
import {
  checkSettings,
  epochOrder,
  scalar,
  startingState,
  train,
  vector,
  type Trainee,
  type TrainingState
} from './training.js';

const TASK = 'train-head';

export const trainHead = defineTask({
  name: TASK,
  async run(input: TrainHeadInput, job: Job): Promise<TrainHeadOutput> {
    const run = new HeadRun(input);
    try {
      await run.open();
      const end = await train(run, run.state, job);
      return { ...end, head: run.head, layout: headLayout(run.head) };
    } finally {
      await run.close();
    }
  }
});

class HeadRun implements Trainee {
  readonly head: HeadShape;
  readonly rows: number;
  readonly epochs: number;
  readonly lr: number;
  readonly stepsPerEpoch: number;
  readonly schedule: TrainHeadInput['schedule'];
  readonly patience: number | undefined;
  readonly state: TrainingState;
  readonly advice = 'check that the features are standardised';
  readonly heldOut: Trainee['heldOut'];
  private readonly batch: number;
  private readonly seed: number;
  private readonly meanWeight: number;
  private trainer!: Session;
  private validator: Session | undefined;

  constructor(private readonly input: TrainHeadInput) {
    const { classes, hidden = 0, activation = 'relu', epochs = 60, batchSize = 64, seed = 0 } = input;
    const { lr = 1e-3, valid, schedule, weightDecay, clipNorm, patience } = input;
    const counts = [
      ['classes', classes, 2],
      ['hidden', hidden, 0],
      ['epochs', epochs, 1],
      ['batchSize', batchSize, 1],
      ['patience', patience ?? 1, 1],
      ['seed', seed, 0]
    ] as const;
    checkSettings(TASK, counts, lr);
    const features = checkRows('train', input, classes);
    checkDistinct(TASK, input);
    if (valid && checkRows('valid', valid, classes) !== features) {
      throw new DataError(
        `train-head: valid rows have another number of features than the ${features} of train.`
      );
    }
    this.head = { features, classes, hidden, activation };
    this.rows = input.y.length;
    this.batch = Math.min(batchSize, this.rows);
    this.epochs = epochs;
    this.lr = lr;
    this.schedule = schedule;
    this.patience = patience;
    this.seed = seed;
    this.stepsPerEpoch = Math.ceil(this.rows / this.batch);
    this.meanWeight = meanWeight(TASK, 'train', input);
    if (valid) this.heldOut = parameters => this.validLoss(parameters, valid);
    const { head, rows, batch } = this;
    const settings = JSON.stringify({ head, rows, batch, epochs, lr, weightDecay, clipNorm, schedule, seed });
    this.state = startingState(TASK, settings, input.resume, () => headInitial(head, seed));
  }

  async open(): Promise<void> {
    const { weightDecay, clipNorm, device, threads = 1, valid } = this.input;
    const model = headTrainingGraph(this.head, this.batch, { weightDecay, clipNorm });
    this.trainer = await openSession(model, { device, threads });
    if (valid) this.validator = await openSession(headLossGraph(this.head), { device, threads });
  }

  async close(): Promise<void> {
    await this.trainer?.dispose();
    await this.validator?.dispose();
  }

  /** One step of AdamW on the next rows of the epoch's order; a short last batch is padded with weight 0. */
  async step(
    state: Readonly<TrainingState>,
    { epoch, index, rate }: { epoch: number; index: number; rate: number }
  ): ReturnType<Trainee['step']> {
    const { input, batch, head } = this;
    const rows = this.order(epoch).subarray(index * batch, (index + 1) * batch);
    const x = new Float32Array(batch * head.features);
    const y = new Float32Array(batch * head.classes);
    const w = new Float32Array(batch);
    rows.forEach((row, i) => {
      x.set(input.x.subarray(row * head.features, (row + 1) * head.features), i * head.features);
      y[i * head.classes + input.y[row]!] = 1;
      w[i] = input.weights ? input.weights[row]! : 1;
    });
    const result = await this.trainer.run({
      p: vector(state.p),
      m: vector(state.m),
      v: vector(state.v),
      t: scalar(state.step),
      lr: scalar(rate),
      x: { data: x, shape: [batch, head.features] },
      y: { data: y, shape: [batch, head.classes] },
      w: { data: w, shape: [batch] },
      scale: scalar(1 / (rows.length * this.meanWeight))
    });
    const { p2: p, m2: m, v2: v, loss } = result as Record<'p2' | 'm2' | 'v2' | 'loss', Float32Array>;
    return { p, m, v, loss: loss[0]!, rows: rows.length };
  }

  private async validLoss(parameters: Float32Array, valid: HeadRows): Promise<number> {
    const { head } = this;
    const rows = valid.y.length;
    const { loss } = await this.validator!.run({
      p: vector(parameters),
      x: { data: valid.x, shape: [rows, head.features] },
      y: { data: oneHot(valid.y, head.classes), shape: [rows, head.classes] },
      w: { data: valid.weights ?? new Float32Array(rows).fill(1), shape: [rows] },
      scale: scalar(1 / (rows * meanWeight(TASK, 'valid', valid)))
    });
    return loss![0]!;
  }

  private cachedOrder: { epoch: number; order: Int32Array } | undefined;

  private order(epoch: number): Int32Array {
    if (this.cachedOrder?.epoch !== epoch) {
      this.cachedOrder = { epoch, order: epochOrder(this.seed, epoch, this.rows) };
    }
    return this.cachedOrder.order;
  }
}
