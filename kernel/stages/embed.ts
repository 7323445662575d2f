/** embed: the samples' texts as vectors of a sentence encoder, or the vectors that the data brought along. */
import { Type, type Static } from '@sinclair/typebox';
import { ParameterError } from '../../common/errors.js';
import { engine } from '../engine/index.js';
import { contentHash } from '../store/index.js';
import { defineStage, type Job, type Stage } from './define/index.js';
import { encoderContent, encoderFolder } from './encoder-content.js';
import type { Data } from './values/data.js';
import { Space } from './values/space.js';
import { requireFiniteVectors } from './vectors.js';

const Params = Type.Object({
  encoder: Type.Optional(
    Type.String({
      default: 'auto',
      minLength: 1,
      'x-path': 'folder',
      examples: ['auto', 'minilm', 'vectors'],
      description:
        '"minilm" (all-MiniLM-L6-v2), "vectors" (numbers that the data brought along), "auto" (vectors where there are any, else minilm), or the folder of a sentence encoder.'
    })
  )
});

export type EmbedParams = Static<typeof Params>;

/** The vectors of all rows of `data` by `encoder`, and the encoder's name as resolved. */
export interface Embedded {
  encoder: string;
  dimension: number;
  vectors: Float32Array;
}

/** Embeddings of this program, by data and the encoder's content: training on the same data does not embed again. */
const known = new WeakMap<Data, Map<string, Embedded>>();

/** The encoder by what its files hold; undefined where they cannot be read, which the engine has better words for. */
async function contentOf(name: string): Promise<string | undefined> {
  return encoderContent(name).then(
    files => contentHash({ name, files }),
    () => undefined
  );
}

/** @throws ParameterError, DataError (NaN in given vectors), ModelError */
export async function embedRows(data: Data, encoder: string, stage: string, job: Job): Promise<Embedded> {
  const name = encoder === 'auto' ? (data.vectors ? 'vectors' : 'minilm') : encoder;
  let byEncoder = known.get(data);
  if (!byEncoder) known.set(data, (byEncoder = new Map<string, Embedded>()));
  const content = await contentOf(name);
  const before = content === undefined ? undefined : byEncoder.get(content);
  if (before) return before;
  let embedded: Embedded;
  if (name === 'vectors') {
    if (!data.vectors) {
      throw new ParameterError(
        stage,
        'encoder',
        `${stage}: encoder: "vectors" needs data that brought vectors along, and this data has texts. Use "minilm".`
      );
    }
    const { dimension, values } = data.vectors;
    requireFiniteVectors(stage, data, dimension, values);
    embedded = { encoder: name, dimension, vectors: values };
  } else {
    const folder = encoderFolder(name);
    const { dimension, vectors } = await engine().run(
      'embed',
      { folder, texts: [...data.text] },
      { signal: job.signal, progress: (fraction, message) => job.progress(0.9 * fraction, message) }
    );
    embedded = { encoder: name, dimension, vectors };
  }
  // Files that changed meanwhile: nobody knows which of both were read.
  if (content !== undefined && (await contentOf(name)) === content) byEncoder.set(content, embedded);
  return embedded;
}

export const embed: Stage<{ data: Data }, EmbedParams, Space> = defineStage({
  name: 'embed',
  version: 2,
  title: 'Embed',
  description: 'Turns each sample into a vector by a frozen encoder.',
  inputs: { data: { kind: 'data', description: 'samples with domain and fold' } },
  output: 'space',
  params: Params,
  deterministic: true,
  cache: true,
  outside: ({ data }, { encoder }) =>
    encoderContent((encoder === 'auto' ? data?.facts.encoder : undefined) ?? encoder),
  async run({ data }: { data: Data }, params, job) {
    const { encoder, dimension, vectors } = await embedRows(data, params.encoder, 'embed', job);
    const picture = await engine().run('picture', { vectors, dimension }, { signal: job.signal });
    return new Space(data, encoder, dimension, vectors, picture);
  }
});
