/**
 * What all training tasks share: the loop over epochs and steps, the curves, the best epoch on held-out rows,
 * patience, progress with the time left, stopping, and a state to resume from with the same bits. What a step and a
 * held-out loss are is the task's own.
 */
import { DataError } from '../../../common/errors.js';
import { learningRate, Random, type Schedule } from '../../onnx/index.js';
import type { Job } from '../task.js';

/** One epoch. Losses are weighted means over rows: sum(w l)/sum(w). */
export interface LossPoint {
  /** Steps done. */
  step: number;
  /** Epochs done, from 1. */
  epoch: number;
  /** Mean over the epoch, while parameters moved. */
  train: number;
  /** After the epoch, on the held-out rows; absent without them. */
  valid?: number;
}

/** All that the run depends on from here: plain data, handed out with progress. */
export interface TrainingState {
  /** Parameters and moments of AdamW, flat. */
  p: Float32Array;
  m: Float32Array;
  v: Float32Array;
  /** Steps done. */
  step: number;
  /** Sum of rows times loss over the steps of the running epoch. */
  epochLoss: number;
  best: { p: Float32Array; epoch: number; loss: number } | undefined;
  curves: LossPoint[];
  /** The settings that the state belongs to. */
  settings: string;
}

/** How a run ended, whatever was trained. */
export interface TrainingEnd {
  /** Of the best epoch, flat. */
  parameters: Float32Array;
  curves: LossPoint[];
  /** Epoch whose parameters were kept, from 1. */
  bestEpoch: number;
  /** Held-out loss of that epoch; absent without held-out rows. */
  bestLoss?: number;
  /** Why training ended. */
  ended: 'epochs' | 'patience' | 'person';
  state: TrainingState;
}

export interface Trainee {
  rows: number;
  epochs: number;
  stepsPerEpoch: number;
  /** Peak learning rate, its course, and the epochs without a lower held-out loss after which to stop. */
  lr: number;
  schedule?: Schedule;
  patience?: number;
  /**
   * Step `index` of an epoch at learning rate `rate`: gives the next parameters and moments, the step's loss and its
   * number of rows. Changes nothing of the state: `pause` between calls may end the run, and the step is then done
   * again on resuming.
   */
  step(
    state: Readonly<TrainingState>,
    at: { epoch: number; index: number; rate: number },
    pause: () => void
  ): Promise<{ p: Float32Array; m: Float32Array; v: Float32Array; loss: number; rows: number }>;
  /** Loss on held-out rows; absent where there are none. */
  heldOut?(parameters: Float32Array, pause: () => void): Promise<number>;
  /** What to try when the loss is no longer a number. */
  advice: string;
}

/** Trains from `state`, which it changes, to the end. Throws CancelledError, and DataError when a loss is no number. */
export async function train(trainee: Trainee, state: TrainingState, job: Job): Promise<TrainingEnd> {
  const { stepsPerEpoch, epochs, lr, schedule } = trainee;
  const total = epochs * stepsPerEpoch;
  const begun = { step: state.step, time: performance.now() };
  const report = (): void => {
    const last = state.curves.at(-1);
    const losses = last ? `, loss ${last.train.toPrecision(4)}` : '';
    const message = `epoch ${Math.floor(state.step / stepsPerEpoch)} of ${epochs}${losses}`;
    const seconds = (performance.now() - begun.time) / 1000;
    const left = (seconds / (state.step - begun.step)) * (total - state.step);
    const time = Number.isFinite(left) && left >= 1 ? `, at most ${Math.ceil(left)} s left` : '';
    job.progress(state.step / total, message + time, { ...state, curves: state.curves.slice() });
  };
  const pause = (): void => {
    if (job.cancelled || job.due()) report();
    job.throwIfCancelled();
  };
  const epochsDone = (): number => Math.floor(state.step / stepsPerEpoch);
  const outOfPatience = (): boolean =>
    state.best !== undefined && state.curves.length - state.best.epoch >= (trainee.patience ?? Infinity);
  // Asked to end, it takes the best epoch so far. Without held-out rows that is the last whole one, so it ends there.
  const finished = (): boolean =>
    job.finishing &&
    state.curves.length > 0 &&
    (state.best !== undefined || state.step % stepsPerEpoch === 0);
  let byPerson = false;
  while (true) {
    pause();
    // A resumed run may stand between an epoch's last step and its held-out loss.
    if (state.curves.length < epochsDone()) await endEpoch(trainee, state, pause);
    else if (state.step === total || outOfPatience()) break;
    else if (finished()) {
      byPerson = true;
      break;
    } else {
      const at = {
        epoch: epochsDone(),
        index: state.step % stepsPerEpoch,
        rate: learningRate(schedule ?? { kind: 'constant' }, lr, state.step, total)
      };
      const { loss, rows, ...next } = await trainee.step(state, at, pause);
      if (!Number.isFinite(loss)) {
        throw new DataError(
          `Training: the loss became ${loss} at step ${state.step + 1}. Lower the learning rate (now ${lr}), ` +
            `and ${trainee.advice}.`
        );
      }
      Object.assign(state, next);
      state.step += 1;
      state.epochLoss += loss * rows;
    }
  }
  report();
  const { best } = state;
  return {
    parameters: best?.p ?? state.p,
    curves: state.curves,
    bestEpoch: best?.epoch ?? state.curves.length,
    bestLoss: best?.loss,
    ended: byPerson ? 'person' : outOfPatience() && state.step < total ? 'patience' : 'epochs',
    state
  };
}

async function endEpoch(trainee: Trainee, state: TrainingState, pause: () => void): Promise<void> {
  const epoch = state.step / trainee.stepsPerEpoch;
  const point: LossPoint = { step: state.step, epoch, train: state.epochLoss / trainee.rows };
  if (trainee.heldOut) {
    point.valid = await trainee.heldOut(state.p, pause);
    if (!Number.isFinite(point.valid)) {
      throw new DataError(
        `Training: the held-out loss became ${point.valid}. Lower the learning rate (now ${trainee.lr}).`
      );
    }
    if (!state.best || point.valid < state.best.loss) state.best = { p: state.p, epoch, loss: point.valid };
  }
  state.curves.push(point);
  state.epochLoss = 0;
}

/** A fresh state, or the one to resume from, if it belongs to the same settings. Throws DataError if not. */
export function startingState(
  task: string,
  settings: string,
  resume: TrainingState | undefined,
  initial: () => Float32Array
): TrainingState {
  if (!resume) {
    const p = initial();
    const zeros = (): Float32Array => new Float32Array(p.length);
    return { p, m: zeros(), v: zeros(), step: 0, epochLoss: 0, best: undefined, curves: [], settings };
  }
  if (resume.settings !== settings) {
    throw new DataError(
      `${task}: the state to resume from belongs to other settings or rows. It has ${resume.settings}, ` +
        `this run ${settings}. Use the same, or start without resume.`
    );
  }
  return { ...resume, curves: resume.curves.slice() };
}

/** The rows' order in an epoch depends on the seed and the epoch alone, so a resumed run meets the same. */
export function epochOrder(seed: number, epoch: number, rows: number): Int32Array {
  return new Random(seed, epoch + 1).permutation(rows);
}

/** Throws DataError for a count that is no whole number or too small, and for a rate that is not above 0. */
export function checkSettings(
  task: string,
  counts: readonly (readonly [name: string, value: number, least: number])[],
  lr: number
): void {
  for (const [name, value, least] of counts) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new DataError(`${task}: ${name} must be a whole number of at least ${least}, got ${value}.`);
    }
  }
  if (!(lr > 0 && Number.isFinite(lr))) throw new DataError(`${task}: lr must be above 0, got ${lr}.`);
}

export function scalar(value: number): { data: Float32Array; shape: number[] } {
  return { data: Float32Array.of(value), shape: [] };
}

export function vector(data: Float32Array): { data: Float32Array; shape: number[] } {
  return { data, shape: [data.length] };
}
