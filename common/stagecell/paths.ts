/** Which parameters name files or folders: the keyword `x-path` of their schema. */
import type { JsonSchema } from './spec.js';

export type PathKind = 'file' | 'folder' | 'either';

export function pathKind(schema: JsonSchema): PathKind | undefined {
  const kind = schema['x-path'];
  return kind === 'file' || kind === 'folder' || kind === 'either' ? kind : undefined;
}
