/**
 * Texts to vectors by a sentence encoder folder. Equal texts are computed once; texts of like length share a
 * batch, and padding has no influence, so a text's vector does not depend on its company (to 1e-6).
 */
import { DataError } from '../../../common/errors.js';
import { sentenceEncoderGraph } from '../../onnx/index.js';
import { openSession, type Device, type Session } from '../session.js';
import { defineTask, type Job } from '../task.js';
import { lengthBatches, openEncoderFiles, tokenFeeds, type EncoderFiles } from '../text-encoder.js';

export interface EmbedInput {
  /** A sentence-transformers folder by its whole path; defaultEncoderFolder() gives the default one. */
  folder: string;
  texts: readonly string[];
  /** Cuts texts shorter than the model's own limit does. */
  maxTokens?: number;
  /** Most texts in a batch. Default 32. */
  batchSize?: number;
  /** Default 2. */
  threads?: number;
  /** Default 'cpu'. */
  device?: Device;
}

export interface EmbedOutput {
  dimension: number;
  /** [texts, dimension] row-major. */
  vectors: Float32Array;
  /** Tokens of each text, special ones included, after cutting. */
  tokens: Int32Array;
  /** SHA-256 of the weights' file, hexadecimal. */
  sha256: string;
}

/** A batch is also limited by its padded tokens, so that it takes a fraction of a second and can be cancelled. */
const BATCH_TOKENS = 1024;

interface Loaded {
  key: string;
  files: EncoderFiles;
  session: Session;
}

/** The encoder used last stays open: notebooks embed again and again with the same one. */
let loaded: Loaded | undefined;

async function load(input: EmbedInput, job: Job): Promise<Loaded> {
  const { folder, threads = 2, device = 'cpu' } = input;
  const files = await openEncoderFiles(folder, job);
  const key = JSON.stringify([files.key, threads, device]);
  if (loaded?.key === key) return loaded;
  const { encoder } = files;
  const session = await openSession(sentenceEncoderGraph(encoder), {
    device,
    threads,
    folder: encoder.folder
  });
  await loaded?.session.dispose();
  loaded = { key, files, session };
  return loaded;
}

export const embed = defineTask({
  name: 'embed',
  async run(input: EmbedInput, job: Job): Promise<EmbedOutput> {
    const { texts, batchSize = 32 } = input;
    const bad = texts.findIndex(text => typeof text !== 'string');
    if (bad >= 0) throw new DataError(`embed: text ${bad} is ${typeof texts[bad]}, not a string.`);
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new DataError(`embed: batchSize must be a whole number of at least 1, got ${batchSize}.`);
    }
    if (input.maxTokens !== undefined && (!Number.isInteger(input.maxTokens) || input.maxTokens < 3)) {
      throw new DataError(`embed: maxTokens must be a whole number of at least 3, got ${input.maxTokens}.`);
    }
    const { files, session } = await load(input, job);
    const { encoder, tokenizer, sha256 } = files;
    const maxTokens = Math.min(encoder.maxTokens, input.maxTokens ?? encoder.maxTokens);
    const dimension = encoder.config.width;
    const distinct = [...new Set(texts)];
    const rows = distinct.map(text => tokenizer.encode(text, maxTokens));
    const place = new Map(distinct.map((text, i) => [text, i]));
    const unique = new Float32Array(distinct.length * dimension);
    let done = 0;
    const lengths = rows.map(row => row.length);
    for (const group of lengthBatches(lengths, batchSize, BATCH_TOKENS)) {
      job.throwIfCancelled();
      const { vectors } = await session.run(tokenFeeds(group.map(i => rows[i]!)));
      group.forEach((index, i) =>
        unique.set(vectors!.subarray(i * dimension, (i + 1) * dimension), index * dimension)
      );
      done += group.length;
      if (job.due() || done === rows.length)
        job.progress(done / rows.length, `embedded ${done} of ${rows.length} texts`);
    }
    const vectors = new Float32Array(texts.length * dimension);
    const tokens = new Int32Array(texts.length);
    texts.forEach((text, i) => {
      const index = place.get(text)!;
      vectors.set(unique.subarray(index * dimension, (index + 1) * dimension), i * dimension);
      tokens[i] = rows[index]!.length;
    });
    return { dimension, vectors, tokens, sha256 };
  }
});
