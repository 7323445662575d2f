/**
 * The ledger on which fold V is opened (errata.md E3c): the j-th different look at V is certified at
 * delta_j = 6 delta / (pi^2 j^2), so that all looks together keep 1 - delta. Looking again at the very same
 * thing is free. The ledger is a file that stays with the data set, not with a browser tab.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { LedgerError } from '../../common/errors.js';
import { writeWhole } from './atomic.js';

const LedgerFile = Type.Object({
  data: Type.String(),
  looks: Type.Array(Type.Object({ query: Type.String(), about: Type.String(), at: Type.String() }))
});
type LedgerFile = Static<typeof LedgerFile>;

export interface Look {
  /** Which look this is, from 1. */
  position: number;
  /** Looks so far, this one included. */
  looks: number;
}

/** Looks that are being written, one at a time a file, so that two cells cannot take the same position. */
const writing = new Map<string, Promise<unknown>>();

async function open(path: string, data: string, query: string, about: string): Promise<Look> {
  let file: LedgerFile = { data, looks: [] };
  let text: string | undefined;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (text !== undefined) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    if (!Value.Check(LedgerFile, parsed) || parsed.data !== data) {
      throw new LedgerError(
        `${path}: the ledger of fold V is damaged, so it is unknown how often V was opened. Restore the file, or split the data again with another seed.`
      );
    }
    file = parsed;
  }
  const before = file.looks.findIndex(look => look.query === query);
  if (before >= 0) return { position: before + 1, looks: file.looks.length };
  file.looks.push({ query, about, at: new Date().toISOString() });
  await writeWhole(path, JSON.stringify(file, null, 2) + '\n');
  return { position: file.looks.length, looks: file.looks.length };
}

/**
 * Notes a look at fold V of `data` before it happens, and says which look it is.
 * @param folder where ledgers are kept, e.g. `.hysim/ledger`
 * @param query hash of all that the look depends on
 * @throws LedgerError when the ledger is damaged; nothing is then opened
 */
export async function openFoldV(folder: string, data: string, query: string, about: string): Promise<Look> {
  const path = join(folder, `${data}.json`);
  const turn = (writing.get(path) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => open(path, data, query, about));
  writing.set(path, turn);
  return turn;
}
