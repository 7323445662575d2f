/** The list of all parts that a pool can run. */
import { EngineError } from '../../../common/errors.js';
import { projectRows, tangentResiduals } from './manifold.js';
import { findCandidates, refineCandidates } from './neighbors.js';
import type { Part } from './part.js';

export type { OpenPart } from './part.js';

const parts = [findCandidates, refineCandidates, projectRows, tangentResiduals] as const;

type Registered = (typeof parts)[number];
export type PartName = Registered['name'];
type Named<K extends PartName> = Extract<Registered, { name: K }>;
type Opened<K extends PartName> = Awaited<ReturnType<Named<K>['open']>>;
export type PartInput<K extends PartName> = Parameters<Named<K>['open']>[0];
export type PartItem<K extends PartName> = Parameters<Opened<K>['step']>[0];
export type PartResult<K extends PartName> = Awaited<ReturnType<Opened<K>['step']>>;
export type PartRest<K extends PartName> = ReturnType<Opened<K>['finish']>;

/** The part of this name. Throws EngineError when there is none. */
export function findPart(name: string): Part<string, unknown, unknown, unknown, unknown> {
  const part = parts.find(candidate => candidate.name === name);
  if (part) return part as unknown as Part<string, unknown, unknown, unknown, unknown>;
  throw new EngineError(
    `A pool has no part ${name}; it has ${parts.map(candidate => candidate.name).join(', ')}.`
  );
}
