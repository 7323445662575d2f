/**
 * Texts to vectors by a sentence encoder folder. Equal texts are computed once; texts of like length share a
 * batch, and padding has no influence, so a text's vector does not depend on its company (to 1e-6).
 */
import { createHash } from 'node:crypto';
import { createReadStream, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, ModelError } from '../../../common/errors.js';
import { openSentenceEncoder, sentenceEncoderGraph, type SentenceEncoder } from '../../onnx/index.js';
import { DEFAULT_ENCODER_SHA256, packagedEncoderFolder } from '../encoder-folder.js';
import { openSession, type Device, type Session } from '../session.js';
import { defineTask, type Job } from '../task.js';
import { openTokenizer, type TextEncoder } from '../tokenizer.js';

export interface EmbedInput {
  /** A sentence-transformers folder; defaultEncoderFolder() gives the default one. */
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
  encoder: SentenceEncoder;
  tokenizer: TextEncoder;
  session: Session;
  sha256: string;
}

/** The encoder used last stays open: notebooks embed again and again with the same one. */
let loaded: Loaded | undefined;

async function load(input: EmbedInput, job: Job): Promise<Loaded> {
  const { folder, threads = 2, device = 'cpu' } = input;
  const encoder = openSentenceEncoder(folder);
  const path = encoder.weights.path;
  const files = [path, join(encoder.folder, 'tokenizer.json'), join(encoder.folder, 'tokenizer_config.json')];
  const { config, pooling } = encoder;
  const key = JSON.stringify([files.map(stamp), config, pooling, threads, device]);
  if (loaded?.key === key) return loaded;
  job.progress(0, 'opening the encoder');
  const tokenizer = openTokenizer(encoder.folder, encoder.config.vocabulary);
  const sha256 = await hashFile(path, job);
  checkDefault(folder, path, sha256);
  const session = await openSession(sentenceEncoderGraph(encoder), {
    device,
    threads,
    folder: encoder.folder
  });
  await loaded?.session.dispose();
  loaded = { key, encoder, tokenizer, session, sha256 };
  return loaded;
}

/** What changes when a file does. */
function stamp(path: string): unknown {
  try {
    const { mtimeMs, size } = statSync(path);
    return [realpathSync(path), mtimeMs, size];
  } catch (error) {
    throw new ModelError(
      path,
      `${path} cannot be read (${(error as Error).message}). Is the model's folder whole?`
    );
  }
}

async function hashFile(path: string, job: Job): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) {
    job.throwIfCancelled();
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

function checkDefault(folder: string, path: string, sha256: string): void {
  const packaged = packagedEncoderFolder();
  if (!packaged || realpathSync(packaged) !== realpathSync(folder) || sha256 === DEFAULT_ENCODER_SHA256)
    return;
  throw new ModelError(
    path,
    `${path} is not the all-MiniLM-L6-v2 it should be: its SHA-256 is ${sha256}, not ${DEFAULT_ENCODER_SHA256}. ` +
      'Delete the .venv folder and run `npm start` to install it again.'
  );
}

/** Groups of indices: longest first, each within the limits on texts and on padded tokens. */
function batches(lengths: readonly number[], batchSize: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const groups: number[][] = [];
  for (const index of order) {
    const group = groups.at(-1);
    const padded = group ? (group.length + 1) * lengths[group[0]!]! : 0;
    if (group && group.length < batchSize && padded <= BATCH_TOKENS) group.push(index);
    else groups.push([index]);
  }
  return groups;
}

async function runBatch(session: Session, rows: readonly Int32Array[]): Promise<Float32Array> {
  const tokens = Math.max(...rows.map(row => row.length));
  const ids = new Int32Array(rows.length * tokens);
  const mask = new Float32Array(rows.length * tokens);
  rows.forEach((row, i) => {
    ids.set(row, i * tokens);
    mask.fill(1, i * tokens, i * tokens + row.length);
  });
  const { vectors } = await session.run({
    ids: { data: ids, shape: [rows.length, tokens] },
    positions: { data: Int32Array.from({ length: tokens }, (_, i) => i), shape: [tokens] },
    mask: { data: mask, shape: [rows.length, tokens] }
  });
  return vectors!;
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
    const { encoder, tokenizer, session, sha256 } = await load(input, job);
    const maxTokens = Math.min(encoder.maxTokens, input.maxTokens ?? encoder.maxTokens);
    const dimension = encoder.config.width;
    const distinct = [...new Set(texts)];
    const rows = distinct.map(text => tokenizer.encode(text, maxTokens));
    const place = new Map(distinct.map((text, i) => [text, i]));
    const unique = new Float32Array(distinct.length * dimension);
    let done = 0;
    for (const group of batches(
      rows.map(row => row.length),
      batchSize
    )) {
      job.throwIfCancelled();
      const vectors = await runBatch(
        session,
        group.map(i => rows[i]!)
      );
      group.forEach((index, i) =>
        unique.set(vectors.subarray(i * dimension, (i + 1) * dimension), index * dimension)
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
