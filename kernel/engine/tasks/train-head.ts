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
  learningRate,
  parameterCount,
  Random,
  type HeadShape
} from '../../onnx/index.js';
import { openSession, type Session } from '../session.js';
import { defineTask, type Job } from '../task.js';
import { checkRows, meanWeight, oneHot, type HeadRows } from './head-rows.js';
import type { HeadState, LossPoint, TrainHeadInput, TrainHeadOutput } from './head-types.js';

export const trainHead = defineTask({
  name: 'train-head',
  async run(input: TrainHeadInput, job: Job): Promise<TrainHeadOutput> {
    const run = new HeadRun(input);
    try {
      await run.open();
      return await run.train(job);
    } finally {
      await run.close();
    }
  }
});

class HeadRun {
  private readonly head: HeadShape;
  private readonly rows: number;
  private readonly batch: number;
  private readonly epochs: number;
  private readonly lr: number;
  private readonly stepsPerEpoch: number;
  private readonly meanWeight: number;
  private readonly state: HeadState;
  private trainer!: Session;
  private validator: Session | undefined;

  constructor(private readonly input: TrainHeadInput) {
    const {
      classes,
      hidden = 0,
      activation = 'relu',
      epochs = 60,
      batchSize = 64,
      lr = 1e-3,
      seed = 0
    } = input;
    for (const [name, value, least] of [
      ['classes', classes, 2],
      ['hidden', hidden, 0],
      ['epochs', epochs, 1],
      ['batchSize', batchSize, 1],
      ['patience', input.patience ?? 1, 1],
      ['seed', seed, 0]
    ] as const) {
      if (!Number.isSafeInteger(value) || value < least) {
        throw new DataError(`train-head: ${name} must be a whole number of at least ${least}, got ${value}.`);
      }
    }
    if (!(lr > 0 && Number.isFinite(lr))) throw new DataError(`train-head: lr must be above 0, got ${lr}.`);
    const features = checkRows('train', input, classes);
    if (new Set(input.y).size < 2) {
      throw new DataError(
        `train-head: all ${input.y.length} rows are of class ${input.y[0]}; at least two are needed.`
      );
    }
    if (input.valid && checkRows('valid', input.valid, classes) !== features) {
      throw new DataError(
        `train-head: valid rows have another number of features than the ${features} of train.`
      );
    }
    this.head = { features, classes, hidden, activation };
    this.rows = input.y.length;
    this.batch = Math.min(batchSize, this.rows);
    this.epochs = epochs;
    this.lr = lr;
    this.stepsPerEpoch = Math.ceil(this.rows / this.batch);
    this.meanWeight = meanWeight('train', input);
    this.state = this.startingState(seed);
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

  async train(job: Job): Promise<TrainHeadOutput> {
    const { state, stepsPerEpoch, epochs } = this;
    const total = epochs * stepsPerEpoch;
    const report = (): void => {
      const last = state.curves.at(-1);
      const losses = last ? `, loss ${last.train.toPrecision(4)}` : '';
      job.progress(
        state.step / total,
        `epoch ${Math.floor(state.step / stepsPerEpoch)} of ${epochs}${losses}`,
        {
          ...state,
          curves: state.curves.slice()
        }
      );
    };
    let ended: TrainHeadOutput['ended'] = this.outOfPatience() ? 'patience' : 'epochs';
    while (state.step < total && ended === 'epochs') {
      if (job.cancelled) report();
      job.throwIfCancelled();
      await this.step(total);
      if (state.step % stepsPerEpoch === 0) {
        await this.endEpoch();
        if (this.outOfPatience()) ended = 'patience';
      }
      if (job.due()) report();
    }
    report();
    const { best } = state;
    return {
      head: this.head,
      parameters: best?.p ?? state.p,
      layout: headLayout(this.head),
      curves: state.curves,
      bestEpoch: best?.epoch ?? state.curves.length,
      bestLoss: best?.loss,
      ended,
      state
    };
  }

  /** One step of AdamW on the next rows of the epoch's order; a short last batch is padded with weight 0. */
  private async step(total: number): Promise<void> {
    const { state, input, batch, head } = this;
    const epoch = Math.floor(state.step / this.stepsPerEpoch);
    const from = (state.step % this.stepsPerEpoch) * batch;
    const rows = this.order(epoch).subarray(from, from + batch);
    const x = new Float32Array(batch * head.features);
    const y = new Float32Array(batch * head.classes);
    const w = new Float32Array(batch);
    rows.forEach((row, i) => {
      x.set(input.x.subarray(row * head.features, (row + 1) * head.features), i * head.features);
      y[i * head.classes + input.y[row]!] = 1;
      w[i] = input.weights ? input.weights[row]! : 1;
    });
    const rate = learningRate(input.schedule ?? { kind: 'constant' }, this.lr, state.step, total);
    const size = [state.p.length];
    const result = await this.trainer.run({
      p: { data: state.p, shape: size },
      m: { data: state.m, shape: size },
      v: { data: state.v, shape: size },
      t: scalar(state.step),
      lr: scalar(rate),
      x: { data: x, shape: [batch, head.features] },
      y: { data: y, shape: [batch, head.classes] },
      w: { data: w, shape: [batch] },
      scale: scalar(1 / (rows.length * this.meanWeight))
    });
    const loss = result.loss![0]!;
    if (!Number.isFinite(loss)) {
      throw new DataError(
        `Training: the loss became ${loss} at step ${state.step + 1}. Lower the learning rate (now ${this.lr}), ` +
          'and check that the features are standardised.'
      );
    }
    state.p = result.p2!;
    state.m = result.m2!;
    state.v = result.v2!;
    state.step += 1;
    state.epochLoss += loss * rows.length;
  }

  private async endEpoch(): Promise<void> {
    const { state } = this;
    const epoch = state.step / this.stepsPerEpoch;
    const point: LossPoint = { step: state.step, epoch, train: state.epochLoss / this.rows };
    if (this.validator) {
      point.valid = await this.validLoss(this.validator, this.input.valid!);
      if (!state.best || point.valid < state.best.loss) state.best = { p: state.p, epoch, loss: point.valid };
    }
    state.curves.push(point);
    state.epochLoss = 0;
  }

  private async validLoss(session: Session, valid: HeadRows): Promise<number> {
    const { head, state } = this;
    const rows = valid.y.length;
    const { loss } = await session.run({
      p: { data: state.p, shape: [state.p.length] },
      x: { data: valid.x, shape: [rows, head.features] },
      y: { data: oneHot(valid.y, head.classes), shape: [rows, head.classes] },
      w: { data: valid.weights ?? new Float32Array(rows).fill(1), shape: [rows] },
      scale: scalar(1 / (rows * meanWeight('valid', valid)))
    });
    if (Number.isFinite(loss![0])) return loss![0]!;
    throw new DataError(
      `Training: the held-out loss became ${loss![0]}. Lower the learning rate (now ${this.lr}).`
    );
  }

  private outOfPatience(): boolean {
    const { best, curves } = this.state;
    return best !== undefined && curves.length - best.epoch >= (this.input.patience ?? Infinity);
  }

  private cachedOrder: { epoch: number; order: Int32Array } | undefined;

  /** The rows' order in an epoch depends on the seed and the epoch alone, so a resumed run meets the same. */
  private order(epoch: number): Int32Array {
    if (this.cachedOrder?.epoch !== epoch) {
      this.cachedOrder = { epoch, order: new Random(this.input.seed ?? 0, epoch + 1).permutation(this.rows) };
    }
    return this.cachedOrder.order;
  }

  private startingState(seed: number): HeadState {
    const { input, head, rows, batch, epochs, lr } = this;
    const { weightDecay, clipNorm, schedule, resume } = input;
    const settings = JSON.stringify({ head, rows, batch, epochs, lr, weightDecay, clipNorm, schedule, seed });
    const size = parameterCount(headLayout(head));
    if (!resume) {
      const zeros = (): Float32Array => new Float32Array(size);
      const p = headInitial(head, seed);
      return { p, m: zeros(), v: zeros(), step: 0, epochLoss: 0, best: undefined, curves: [], settings };
    }
    if (resume.settings !== settings) {
      throw new DataError(
        `train-head: the state to resume from belongs to other settings or rows. It has ${resume.settings}, ` +
          `this run ${settings}. Use the same, or start without resume.`
      );
    }
    return { ...resume, curves: resume.curves.slice() };
  }
}

function scalar(value: number): { data: Float32Array; shape: number[] } {
  return { data: Float32Array.of(value), shape: [] };
}
