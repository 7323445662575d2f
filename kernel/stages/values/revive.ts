/** Values made again from their parts. The constructors compute the ids anew, so that an id can be checked. */
import type { ValueKind } from '../../../common/stage.js';
import type { AdapterParts } from './adapter.js';
import { Certificate, type CertificateParts } from './certificate.js';
import { Data, type DataParts } from './data.js';
import { Denoised, type DenoisedColumns, type ManifoldSummary, type Review } from './denoised.js';
import type { Preview } from './extent.js';
import { Model, type HeadParts, type TrainingRecord } from './model.js';
import { Report, type ReportParts } from './report.js';
import { Samples, type SampleColumns } from './samples.js';
import { Space } from './space.js';
import { readPicture } from './space-picture.js';
import { Tables } from './tables.js';
import type { Value } from './value.js';
import { Weights, type WeightColumns, type WeightSummary } from './weights.js';

type Aside = Readonly<Record<string, string>>;

/** A class of values, and how one of it is made. */
interface Reviver<P> {
  of: abstract new (...args: never[]) => Value;
  make(parts: P, aside: Aside): Value;
}

/** What `content` holds is checked by its hash before it comes here. */
const reviver = <P>(of: Reviver<P>['of'], make: Reviver<P>['make']): Reviver<never> => ({ of, make });

const REVIVERS: Readonly<Record<ValueKind, Reviver<never>>> = {
  tables: reviver<{ id: string; tables: Tables['tables']; parts: Tables['parts'] }>(
    Tables,
    ({ id, tables, parts }, { path = '' }) => new Tables(tables, parts, id, path)
  ),
  samples: reviver<SampleColumns>(Samples, rows => new Samples(rows)),
  data: reviver<DataParts>(Data, parts => new Data(parts)),
  space: reviver<{
    data: Data;
    encoder: string;
    dimension: number;
    vectors: Float32Array;
  }>(
    Space,
    ({ data, encoder, dimension, vectors }, { picture }) =>
      new Space(data, encoder, dimension, vectors, readPicture(picture, data.length))
  ),
  denoised: reviver<{
    space: Space;
    columns: DenoisedColumns;
    manifold: ManifoldSummary;
    review: Review;
    preview?: Preview;
  }>(
    Denoised,
    ({ space, columns, manifold, review, preview }) => new Denoised(space, columns, manifold, review, preview)
  ),
  weights: reviver<{ clean: Denoised; columns: WeightColumns; summary: WeightSummary; preview?: Preview }>(
    Weights,
    ({ clean, columns, summary, preview }) => new Weights(clean, columns, summary, preview)
  ),
  model: reviver<{ dataId: string; head: HeadParts; training: TrainingRecord; adapter?: AdapterParts }>(
    Model,
    ({ dataId, head, training, adapter }) => new Model(dataId, head, training, adapter)
  ),
  report: reviver<{ dataId: string; parts: ReportParts }>(
    Report,
    ({ dataId, parts }) => new Report(dataId, parts)
  ),
  certificate: reviver<{ dataId: string; parts: CertificateParts }>(
    Certificate,
    ({ dataId, parts }) => new Certificate(dataId, parts)
  )
};

/** Whether `revive` would make one of the very same class: not so for a class that somebody made of ours. */
export function isRevivable(value: Value): boolean {
  return Object.hasOwn(REVIVERS, value.kind) && REVIVERS[value.kind].of === value.constructor;
}

/** @throws Error for a kind that is none */
export function revive(kind: string, content: unknown, aside: Aside): Value {
  if (!Object.hasOwn(REVIVERS, kind)) throw new Error(`there are no values of the kind "${kind}"`);
  return REVIVERS[kind as ValueKind].make(content as never, aside);
}
