/**
 * The decision log of a review: JSON lines, one decision a line, the last word on a sample counting. It is
 * read here; the review screen appends to it.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { TableError } from '../../common/errors.js';
import { parseJsonLines } from '../../common/json-lines.js';

export const Decision = Type.Object({
  sample: Type.String({ minLength: 1 }),
  decision: Type.Union([
    Type.Literal('keep'),
    Type.Literal('drop'),
    Type.Literal('relabel'),
    Type.Literal('skip')
  ]),
  /** The new label, for `relabel`. */
  label: Type.Optional(Type.String({ minLength: 1 })),
  by: Type.Optional(Type.String()),
  at: Type.Optional(Type.String()),
  note: Type.Optional(Type.String())
});
export type Decision = Static<typeof Decision>;

/**
 * The decisions in force, by sample. No file, no decisions: a review never waits for a person.
 * @throws TableError naming file and line of a malformed decision.
 */
export async function readDecisions(path: string): Promise<Map<string, Decision>> {
  const decisions = new Map<string, Decision>();
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return decisions;
    throw new TableError({ file: path }, `${path}: the decision log cannot be read (${code}).`);
  }
  for (const { line, value } of parseJsonLines(text, path, Decision)) {
    if (value.decision === 'relabel' && value.label === undefined) {
      throw new TableError(
        { file: path, line },
        `${basename(path)}, line ${line}: relabel needs a label. Add "label".`
      );
    }
    if (value.decision === 'skip') decisions.delete(value.sample);
    else decisions.set(value.sample, value);
  }
  return decisions;
}
