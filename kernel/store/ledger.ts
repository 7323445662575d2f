/**
 * The ledger on which fold V is opened (errata.md E3c): the j-th different look at the same papers is certified at
 * delta_j = 6 delta / (pi^2 j^2), so that all looks together keep 1 - delta. Looking again at the very same thing is
 * free. What counts is the papers and not the split, the seed or the file that they came in: a look is a further one
 * when any of its papers was looked at before.
 *
 * The ledger is a folder, one file a look. A file is made whole under another name and then linked to its own, which
 * fails when the name is taken: two notebooks that look at the same moment get different positions. Whoever deletes
 * the folder, or names another, gives up what the ledger promises.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerError } from '../../common/errors.js';
import { contentHash } from './hash.js';

export interface Look {
  /** Which look at these papers this is, from 1. */
  position: number;
}

interface Entry {
  number: number;
  /** Hash of all that the look depends on; absent in a damaged file. */
  query?: string;
  papers?: string[];
}

const NAME = /^look-(\d+)\.json$/;

async function readEntries(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const number = Number(NAME.exec(name)?.[1] ?? 0);
    if (number === 0) continue;
    try {
      const { query, papers } = JSON.parse(await readFile(join(folder, name), 'utf8')) as Entry;
      if (typeof query !== 'string' || !Array.isArray(papers)) throw new SyntaxError();
      entries.push({ number, query, papers });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // A damaged look was one, at who knows which papers: it counts against all.
      entries.push({ number });
    }
  }
  return entries.sort((a, b) => a.number - b.number);
}

/** Looks before number `before` that share a paper, this query's own left out. */
function earlier(
  entries: readonly Entry[],
  before: number,
  query: string,
  papers: ReadonlySet<string>
): number {
  const queries = new Set<string>();
  let damaged = 0;
  for (const entry of entries) {
    if (entry.number >= before || entry.query === query) continue;
    if (!entry.papers) damaged++;
    else if (entry.papers.some(paper => papers.has(paper))) queries.add(entry.query!);
  }
  return queries.size + damaged;
}

/**
 * Notes a look at fold V before it happens, and says which look at its papers it is.
 * @param folder where the looks are kept, e.g. `.hysim/ledger`
 * @param papers the papers of V
 * @param query hash of all that the look depends on
 * @throws LedgerError when the look cannot be noted; V must then stay shut
 */
export async function openFoldV(
  folder: string,
  papers: Iterable<string>,
  query: string,
  about: string
): Promise<Look> {
  const hashes = [...new Set(papers)].map(paper => contentHash({ paper }).slice(0, 16)).sort();
  const own = new Set(hashes);
  const whole = join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    for (;;) {
      const entries = await readEntries(folder);
      const before = entries.find(entry => entry.query === query);
      if (before) return { position: 1 + earlier(entries, before.number, query, own) };
      const number = (entries.at(-1)?.number ?? 0) + 1;
      await writeFile(
        whole,
        `${JSON.stringify({ query, about, at: new Date().toISOString(), papers: hashes })}\n`
      );
      try {
        await link(whole, join(folder, `look-${number}.json`));
        return { position: 1 + earlier(entries, number, query, own) };
      } catch (error) {
        // Another notebook was faster: look again at what is taken.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw new LedgerError(
      `${folder}: the look at fold V cannot be noted (${(error as NodeJS.ErrnoException).code ?? String(error)}), so fold V stays shut. Make the folder writable.`
    );
  } finally {
    await rm(whole, { force: true }).catch(() => undefined);
  }
}
