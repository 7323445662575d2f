/**
 * A sentence-transformers folder: which modules it chains, how it pools, how long a text may be. Gives the
 * graph that turns token ids into vectors; tokenizing and running are the engine's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '../../../common/errors.js';
import { openSafetensors, type SafetensorsFile } from '../safetensors.js';
import { bertConfig, bertSentenceGraph, type BertConfig, type Pooling } from './bert.js';

export interface SentenceEncoder {
  folder: string;
  config: BertConfig;
  pooling: Pooling;
  /** Most tokens of a text, special ones included; the rest is cut off. */
  maxTokens: number;
  weights: SafetensorsFile;
}

/** Reads and checks the folder. Throws ModelError with the path of the file that is missing or wrong. */
export function openSentenceEncoder(folder: string): SentenceEncoder {
  const modules = readJson(join(folder, 'modules.json'));
  if (!Array.isArray(modules))
    throw new ModelError(join(folder, 'modules.json'), `${folder}/modules.json is no list.`);
  const kinds = modules.map(module => ({
    kind: String((module as Record<string, unknown> | null)?.type)
      .split('.')
      .at(-1)!,
    path: String((module as Record<string, unknown> | null)?.path)
  }));
  const [transformer, pooling, normalise, ...rest] = kinds;
  if (
    transformer?.kind !== 'Transformer' ||
    pooling?.kind !== 'Pooling' ||
    (normalise && normalise.kind !== 'Normalize') ||
    rest.length
  ) {
    throw new ModelError(
      join(folder, 'modules.json'),
      `${folder}/modules.json chains ${kinds.map(({ kind }) => kind).join(', ')}; supported is Transformer, ` +
        'Pooling and, if wanted, Normalize.'
    );
  }
  const inner = join(folder, transformer.path);
  const configPath = join(inner, 'config.json');
  const config = bertConfig(configPath, readJson(configPath));
  const lengthPath = join(inner, 'sentence_bert_config.json');
  const length = readJson(lengthPath).max_seq_length;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 3 || length > config.positions) {
    throw new ModelError(
      lengthPath,
      `${lengthPath}: max_seq_length must be a whole number from 3 to ${config.positions}, got ${String(length)}.`
    );
  }
  return {
    folder: inner,
    config,
    pooling: {
      kind: readPooling(join(folder, pooling.path, 'config.json')),
      normalise: normalise !== undefined
    },
    maxTokens: length,
    weights: openSafetensors(join(inner, 'model.safetensors'))
  };
}

/** The graph of bertSentenceGraph for this folder. */
export function sentenceEncoderGraph(encoder: SentenceEncoder): Uint8Array {
  return bertSentenceGraph(encoder.config, encoder.pooling, encoder.weights);
}

function readPooling(path: string): Pooling['kind'] {
  const json = readJson(path);
  const modes = Object.keys(json).filter(key => key.startsWith('pooling_mode_') && json[key] === true);
  if (modes.length === 1 && modes[0] === 'pooling_mode_mean_tokens') return 'mean';
  if (modes.length === 1 && modes[0] === 'pooling_mode_cls_token') return 'first';
  throw new ModelError(
    path,
    `${path}: pooling by ${modes.join(' and ') || 'nothing'} is not supported; mean or cls is.`
  );
}

/** A JSON file of the folder that holds an object or a list, parsed. Throws ModelError that names it. */
export function readJson(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ModelError(
      path,
      `${path} cannot be read (${(error as Error).message}). Is the model's folder whole?`
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError(path, `${path} is not JSON (${(error as Error).message}).`);
  }
  if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  throw new ModelError(path, `${path} holds ${String(json)} where an object is expected.`);
}
