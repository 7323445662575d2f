/**
 * A sentence encoder's folder as the engine's tasks use it: checked, with its tokenizer, and texts of like length
 * put together into padded feeds. No session is opened here.
 */
import { createHash } from 'node:crypto';
import { createReadStream, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '../../common/errors.js';
import { openSentenceEncoder, type SentenceEncoder } from '../onnx/index.js';
import { DEFAULT_ENCODER_SHA256, packagedEncoderFolder } from './encoder-folder.js';
import type { Feeds } from './session.js';
import type { Job } from './task.js';
import { openTokenizer, type TextEncoder as Tokenizer } from './tokenizer.js';

export interface EncoderFiles {
  /** Changes when a file of the folder does. */
  key: string;
  encoder: SentenceEncoder;
  tokenizer: Tokenizer;
  /** SHA-256 of the weights' file, hexadecimal. */
  sha256: string;
}

/** The folder read last: notebooks ask for the same one again and again. */
let known: EncoderFiles | undefined;

/** Throws ModelError when the folder is not whole, or is the default one and its weights are others. */
export async function openEncoderFiles(folder: string, job: Job): Promise<EncoderFiles> {
  const encoder = openSentenceEncoder(folder);
  const path = encoder.weights.path;
  const files = [path, join(encoder.folder, 'tokenizer.json'), join(encoder.folder, 'tokenizer_config.json')];
  const { config, pooling } = encoder;
  const key = JSON.stringify([files.map(stamp), config, pooling, encoder.maxTokens]);
  if (known?.key === key) return known;
  job.progress(0, 'opening the encoder');
  const tokenizer = openTokenizer(encoder.folder, encoder.config.vocabulary);
  const sha256 = await hashFile(path, job);
  checkDefault(folder, path, sha256);
  known = { key, encoder, tokenizer, sha256 };
  return known;
}

/** What changes when a file does. */
function stamp(path: string): unknown {
  try {
    const { ino, mtimeMs, ctimeMs, size } = statSync(path);
    return [realpathSync(path), ino, mtimeMs, ctimeMs, size];
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
export function lengthBatches(lengths: readonly number[], mostTexts: number, mostTokens: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const groups: number[][] = [];
  for (const index of order) {
    const group = groups.at(-1);
    const padded = group ? (group.length + 1) * lengths[group[0]!]! : 0;
    if (group && group.length < mostTexts && padded <= mostTokens) group.push(index);
    else groups.push([index]);
  }
  return groups;
}

/** The inputs ids, positions and mask of an encoder's graph, padded to `tokens`, the longest row by default. */
export function tokenFeeds(
  rows: readonly Int32Array[],
  tokens: number = Math.max(...rows.map(row => row.length))
): Feeds {
  const ids = new Int32Array(rows.length * tokens);
  const mask = new Float32Array(rows.length * tokens);
  rows.forEach((row, i) => {
    ids.set(row, i * tokens);
    mask.fill(1, i * tokens, i * tokens + row.length);
  });
  return {
    ids: { data: ids, shape: [rows.length, tokens] },
    positions: { data: Int32Array.from({ length: tokens }, (_, i) => i), shape: [tokens] },
    mask: { data: mask, shape: [rows.length, tokens] }
  };
}
