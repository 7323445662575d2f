/** The stages that cells call, kept by text: reading them is dear, and an edit changes one cell of hundreds. */
import { findStageCalls, unknownStages, type Imports, type StageCall } from '../stagecell/index.js';

export interface CalledStages {
  readonly calls: readonly StageCall[];
  /** What is called of the library that this version does not have. */
  readonly unknown: readonly string[];
}

/** Texts beyond which the oldest are forgotten, and characters of the longest that is kept. */
const MOST = 4_000;
const LONGEST = 20_000;

const NONE: CalledStages = { calls: [], unknown: [] };

const known = new Map<string, CalledStages>();
let knownFor = '';

/** @param imports of the whole notebook */
export function stagesIn(imports: Imports): (source: string) => CalledStages {
  const key = JSON.stringify([imports.namespaces, [...imports.stages]]);
  return source => {
    if (key !== knownFor) {
      // Another notebook, or another name for the library in this one: what a call means is another.
      known.clear();
      knownFor = key;
    }
    const found = known.get(source);
    if (found) return found;
    const calls = findStageCalls(source, imports);
    const unknown = unknownStages(source, imports);
    const made = calls.length + unknown.length > 0 ? { calls, unknown } : NONE;
    if (source.length > LONGEST) return made;
    if (known.size >= MOST) known.delete(known.keys().next().value!);
    known.set(source, made);
    return made;
  };
}

export const noStages = NONE;
