/**
 * Predictions of an encoder with an adapter and a head. Equal texts are computed once, texts of like length share a
 * call, and the trainer takes its held-out probabilities from here.
 */
import { DataError } from '../../../common/errors.js';
import {
  loraForwardGraph,
  loraModelLayout,
  parameterCount,
  type HeadShape,
  type LoraModel
} from '../../onnx/index.js';
import { openSession, type Session } from '../session.js';
import { defineTask, type Job } from '../task.js';
import { lengthBatches, openEncoderFiles, tokenFeeds, type EncoderFiles } from '../text-encoder.js';
import type { LoraForwardInput, LoraForwardOutput, LoraModelInput } from './lora-types.js';
import { vector } from './training.js';

/** Most padded tokens in a call: a fraction of a second on one slow core. */
const CALL_TOKENS = 1024;
const CALL_TEXTS = 64;

/** Tokens of distinct texts, and the distinct text of each row. */
export interface Tokenized {
  rows: Int32Array[];
  place: Int32Array;
  /** Texts that were longer than the limit, equal ones counted each. */
  cut: number;
}

export function tokenize(texts: readonly string[], files: EncoderFiles, maxTokens?: number): Tokenized {
  const limit = Math.min(files.encoder.maxTokens, maxTokens ?? Infinity);
  const places = new Map<string, number>();
  const whole: boolean[] = [];
  const rows: Int32Array[] = [];
  const place = Int32Array.from(texts, text => {
    let index = places.get(text);
    if (index === undefined) {
      index = rows.length;
      places.set(text, index);
      const tokens = files.tokenizer.encode(text, limit + 1);
      whole.push(tokens.length <= limit);
      rows.push(tokens.length <= limit ? tokens : files.tokenizer.encode(text, limit));
    }
    return index;
  });
  return { rows, place, cut: place.filter(index => !whole[index]).length };
}

/** The model of a folder. Throws ModelError, ShapeError (LoRA), and DataError when the standardisation does not fit. */
export function loraModelOf(
  task: string,
  { encoder }: EncoderFiles,
  { lora, centre, spread }: LoraModelInput,
  head: HeadShape
): LoraModel {
  const { config, pooling, weights } = encoder;
  if (centre.length !== config.width || spread.length !== config.width || head.features !== config.width) {
    throw new DataError(
      `${task}: the encoder's vectors have ${config.width} numbers, but centre has ${centre.length}, spread ` +
        `${spread.length}, and the head takes ${head.features}.`
    );
  }
  if (!spread.every(value => value > 0 && Number.isFinite(value)) || !centre.every(Number.isFinite)) {
    throw new DataError(`${task}: centre must be finite numbers, and spread finite numbers above 0.`);
  }
  return { config, pooling, weights, lora, head };
}

export class Predictor {
  private constructor(
    private readonly session: Session,
    private readonly model: LoraModel,
    private readonly input: LoraModelInput
  ) {}

  static async open(model: LoraModel, folder: string, input: LoraModelInput): Promise<Predictor> {
    const { device, threads = 2 } = input;
    return new Predictor(
      await openSession(loraForwardGraph(model), { device, threads, folder }),
      model,
      input
    );
  }

  /** Outputs of each row of `texts`. `pause` is called between calls, with the share done. */
  async predict(
    texts: Tokenized,
    parameters: Float32Array,
    pause: (done: number) => void
  ): Promise<LoraForwardOutput> {
    const { session, model, input } = this;
    const { classes } = model.head;
    const { width } = model.config;
    const count = texts.place.length;
    const out = {
      logits: new Float32Array(count * classes),
      probabilities: new Float32Array(count * classes),
      vectors: new Float32Array(count * width)
    };
    const rowsOf = texts.rows.map((): number[] => []);
    texts.place.forEach((index, row) => rowsOf[index]!.push(row));
    const fixed = { p: vector(parameters), centre: vector(input.centre), spread: vector(input.spread) };
    let done = 0;
    const lengths = texts.rows.map(row => row.length);
    for (const group of lengthBatches(lengths, CALL_TEXTS, CALL_TOKENS)) {
      pause(done / texts.rows.length);
      const result = await session.run({ ...fixed, ...tokenFeeds(group.map(i => texts.rows[i]!)) });
      for (const name of ['logits', 'probabilities', 'vectors'] as const) {
        const size = name === 'vectors' ? width : classes;
        group.forEach((index, i) => {
          const values = result[name]!.subarray(i * size, (i + 1) * size);
          for (const row of rowsOf[index]!) out[name].set(values, row * size);
        });
      }
      done += group.length;
    }
    return out;
  }

  async close(): Promise<void> {
    await this.session.dispose();
  }
}

export const loraForward = defineTask({
  name: 'lora-forward',
  async run(input: LoraForwardInput, job: Job): Promise<LoraForwardOutput> {
    const files = await openEncoderFiles(input.folder, job);
    const model = loraModelOf('lora-forward', files, input, input.head);
    const size = parameterCount(loraModelLayout(model));
    if (input.parameters.length !== size) {
      throw new DataError(
        `lora-forward: adapter and head need ${size} parameters, got ${input.parameters.length}.`
      );
    }
    const texts = tokenize(input.texts, files, input.maxTokens);
    const predictor = await Predictor.open(model, files.encoder.folder, input);
    try {
      return await predictor.predict(texts, input.parameters, done => {
        job.throwIfCancelled();
        if (job.due()) job.progress(done, `predicted ${Math.round(100 * done)} % of the texts`);
      });
    } finally {
      await predictor.close();
    }
  }
});
