/**
 * What one cell's code says by itself: the names that it binds and reads, and a fingerprint of what it means. Knows
 * no other cell and runs nothing.
 */
import { fingerprintOf } from './fingerprint.js';
import { readMutations } from './mutations.js';
import { readNames } from './names.js';
import { isSettled } from './settled.js';
import { nodesOf, parseProgram } from './parse.js';
import type { CellCode } from './types.js';

/** `%%html` and the like: the whole cell is in another language. */
const FOREIGN = /^\s*%%[A-Za-z]/;

/** Characters beyond which a cell is not read: a page would stand still meanwhile. */
export const LONGEST = 100_000;

/** Cells beyond which the oldest are forgotten, and characters likewise. */
const MOST_CELLS = 4_000;
const MOST_CHARACTERS = 16_000_000;

const NOTHING = { defines: [], types: [], imports: {}, uses: [], typeUses: [], assigns: [], mutates: [] };

interface Read {
  readonly code: CellCode;
  /** The names are not all of the cell's: what was known before is better. */
  readonly partial: boolean;
}

const known = new Map<string, Read>();
let characters = 0;

function read(source: string): Read {
  if (FOREIGN.test(source))
    return { code: { ...NOTHING, fingerprint: source, foreign: true }, partial: false };
  if (source.length > LONGEST)
    return { code: { ...NOTHING, fingerprint: source, unread: true }, partial: false };
  const parsed = parseProgram(source);
  const { program, tokens, problem, partial } = parsed;
  try {
    const nodes = nodesOf(program);
    const { free, ...names } = readNames(program, nodes);
    const mutates = readMutations(nodes, free);
    if (problem) return { code: { ...names, mutates, fingerprint: source, problem }, partial };
    const fingerprint = fingerprintOf(source, nodes, tokens);
    const settled = isSettled(program) ? { settled: true } : {};
    return { code: { ...names, mutates, ...settled, fingerprint }, partial };
  } catch (error) {
    const message = error instanceof RangeError ? 'It is nested too deeply to be read' : String(error);
    const told = problem ?? { message, line: 1 };
    return { code: { ...NOTHING, fingerprint: source, problem: told }, partial: true };
  }
}

function remember(source: string): Read {
  const found = known.get(source);
  if (found) {
    // To the end: the front is what was not asked for longest.
    known.delete(source);
    known.set(source, found);
    return found;
  }
  const made = read(source);
  known.set(source, made);
  characters += source.length;
  for (const [oldest] of known) {
    if (known.size <= MOST_CELLS && characters <= MOST_CHARACTERS) break;
    known.delete(oldest);
    characters -= oldest.length;
  }
  return made;
}

/**
 * @param last what the cell said when it last parsed: a cell that is broken for a moment keeps its names
 */
export function analyse(source: string, last?: CellCode): CellCode {
  const { code, partial } = remember(source);
  if (!partial || !last) return code;
  return { ...last, foreign: undefined, fingerprint: source, problem: code.problem };
}
