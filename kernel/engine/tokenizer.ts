/**
 * Text to token ids for an encoder folder: tokenizer.json run by @huggingface/tokenizers, cut to a length with
 * the special tokens kept.
 */
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { ModelError } from '../../common/errors.js';
import { readJson } from '../onnx/index.js';

export interface TextEncoder {
  /** Ids of the text, at most `maxTokens` of them, beginning and ending with the special tokens. */
  encode(text: string, maxTokens: number): Int32Array;
}

/** Reads tokenizer.json and tokenizer_config.json. Throws ModelError that names the file at fault. */
export function openTokenizer(folder: string, vocabulary: number): TextEncoder {
  const path = join(folder, 'tokenizer.json');
  const json = readJson(path);
  const config = readJson(join(folder, 'tokenizer_config.json'));
  let tokenizer: Tokenizer;
  let frame: number[];
  try {
    tokenizer = new Tokenizer(json, config);
    frame = tokenizer.encode('').ids;
  } catch (error) {
    throw new ModelError(path, `${path} does not make a tokenizer (${(error as Error).message}).`);
  }
  if (frame.length !== 2) {
    throw new ModelError(
      path,
      `${path} puts ${frame.length} special tokens around a text; a BERT encoder needs 2.`
    );
  }
  const last = frame[1]!;
  return {
    encode(text, maxTokens) {
      const ids = Int32Array.from(tokenizer.encode(text).ids);
      if (ids.some(id => id < 0 || id >= vocabulary)) {
        throw new ModelError(path, `${path} gives ids outside of the model's vocabulary of ${vocabulary}.`);
      }
      if (ids.length <= maxTokens) return ids;
      const cut = ids.slice(0, maxTokens);
      cut[maxTokens - 1] = last;
      return cut;
    }
  };
}
