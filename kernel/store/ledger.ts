/**
 * The ledger on which fold V is opened (errata.md E3c): the j-th different look at V is certified at
 * delta_j = 6 delta / (pi^2 j^2), so that all looks together keep 1 - delta. Looking again at the very same
 * thing is free. The ledger is a folder that stays with the data set, not with a browser tab: one file a look,
 * named by its position. A file is made whole under another name and then linked to its own, which fails when
 * the position is taken: two notebooks that look at the same moment get different positions.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerError } from '../../common/errors.js';

export interface Look {
  /** Which look this is, from 1. */
  position: number;
  /** Looks so far, this one included. */
  looks: number;
}

const NAME = /^look-(\d+)\.json$/;

/** Positions taken, and which of them is this query's. A damaged file still counts as a look: it was one. */
async function taken(folder: string, query: string): Promise<{ last: number; mine: number | undefined }> {
  let last = 0;
  let mine: number | undefined;
  for (const name of await readdir(folder)) {
    const position = Number(NAME.exec(name)?.[1] ?? 0);
    if (position === 0) continue;
    last = Math.max(last, position);
    const text = await readFile(join(folder, name), 'utf8');
    if (text.includes(`"${query}"`) && (mine === undefined || position < mine)) mine = position;
  }
  return { last, mine };
}

/**
 * Notes a look at fold V of a data set before it happens, and says which look it is.
 * @param folder where ledgers are kept, e.g. `.hysim/ledger`
 * @param data id of the data set that the ledger belongs to
 * @param query hash of all that the look depends on
 * @throws LedgerError when the look cannot be noted; V must then stay shut
 */
export async function openFoldV(folder: string, data: string, query: string, about: string): Promise<Look> {
  const ledger = join(folder, data);
  const whole = join(ledger, `.${randomUUID()}.tmp`);
  try {
    await mkdir(ledger, { recursive: true });
    for (;;) {
      const { last, mine } = await taken(ledger, query);
      if (mine !== undefined) return { position: mine, looks: last };
      await writeFile(whole, `${JSON.stringify({ query, about, at: new Date().toISOString() })}\n`);
      try {
        await link(whole, join(ledger, `look-${last + 1}.json`));
        return { position: last + 1, looks: last + 1 };
      } catch (error) {
        // Another notebook was faster: look again what is free.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw new LedgerError(
      `${ledger}: the look at fold V cannot be noted (${(error as NodeJS.ErrnoException).code ?? String(error)}), so fold V stays shut. Make the folder writable, or name another with \`ledger\`.`
    );
  } finally {
    await rm(whole, { force: true }).catch(() => undefined);
  }
}
