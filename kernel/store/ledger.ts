/**
 * The ledger on which fold V is opened (errata.md E3c): the j-th different look at the same papers is certified at
 * delta_j = 6 delta / (pi^2 j^2), so that all looks together keep 1 - delta. Looking again at the very same thing is
 * free. What counts is the papers and not the split, the seed or the file that they came in: a look is a further one
 * when any of its papers was looked at before. Who declares K looks before the first is certified at delta / K each
 * instead (E3b), and past the K-th the papers are shut.
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
  /** K, where looks at these papers were declared beforehand. */
  declared?: number;
}

const NAME = /^look-(\d+)\.json$/;

async function readEntries(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const number = Number(NAME.exec(name)?.[1] ?? 0);
    if (number === 0) continue;
    try {
      const { query, papers, declared } = JSON.parse(await readFile(join(folder, name), 'utf8')) as Entry;
      if (typeof query !== 'string' || !Array.isArray(papers)) throw new SyntaxError();
      entries.push({ number, query, papers, declared });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // A damaged look was one, at who knows which papers: it counts against all.
      entries.push({ number });
    }
  }
  return entries.sort((a, b) => a.number - b.number);
}

/** Looks before number `before` that share a paper or are damaged, this query's own left out. */
function earlier(
  entries: readonly Entry[],
  before: number,
  query: string,
  papers: ReadonlySet<string>
): readonly Entry[] {
  return entries.filter(
    entry =>
      entry.number < before &&
      entry.query !== query &&
      (!entry.papers || entry.papers.some(paper => papers.has(paper)))
  );
}

/** Different looks: a damaged one is like no other. */
function count(entries: readonly Entry[]): number {
  return (
    new Set(entries.flatMap(entry => entry.query ?? [])).size +
    entries.filter(entry => entry.query === undefined).length
  );
}

/** @throws LedgerError when earlier looks were made under another declaration, or there were as many as declared */
function checkDeclared(before: readonly Entry[], declared: number | undefined): void {
  const other = before.find(entry => entry.papers && entry.declared !== declared);
  if (other) {
    const words = (looks: number | undefined): string =>
      looks === undefined ? 'on the falling ledger' : `with ${looks} looks declared`;
    throw new LedgerError(
      `These papers of fold V were looked at before ${words(other.declared)}, and this look is ${words(declared)}: a declaration made after a look is void. Set looks to ${other.declared ?? 'null'}.`
    );
  }
  if (declared !== undefined && count(before) >= declared)
    throw new LedgerError(
      `${declared === 1 ? 'One look' : `${declared} looks`} at these papers of fold V were declared, and all were made. Certify on papers that were not looked at yet.`
    );
}

/**
 * Notes a look at fold V before it happens, and says which look at its papers it is.
 * @param folder where the looks are kept, e.g. `.hysim/ledger`
 * @param papers the papers of V
 * @param query hash of all that the look depends on
 * @param declared K, where so many looks are declared beforehand
 * @throws LedgerError when the look cannot be noted, or is past the last declared one; V must then stay shut
 */
export async function openFoldV(
  folder: string,
  papers: Iterable<string>,
  query: string,
  about: string,
  declared?: number
): Promise<Look> {
  const hashes = [...new Set(papers)].map(paper => contentHash({ paper }).slice(0, 16)).sort();
  const own = new Set(hashes);
  const whole = join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    for (;;) {
      const entries = await readEntries(folder);
      const before = entries.find(entry => entry.query === query);
      if (before) return { position: 1 + count(earlier(entries, before.number, query, own)) };
      const number = (entries.at(-1)?.number ?? 0) + 1;
      const shared = earlier(entries, number, query, own);
      checkDeclared(shared, declared);
      await writeFile(
        whole,
        `${JSON.stringify({ query, about, at: new Date().toISOString(), papers: hashes, declared })}\n`
      );
      try {
        await link(whole, join(folder, `look-${number}.json`));
        return { position: 1 + count(shared) };
      } catch (error) {
        // Another notebook was faster: look again at what is taken.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw new LedgerError(
      `${folder}: the look at fold V cannot be noted (${(error as NodeJS.ErrnoException).code ?? String(error)}), so fold V stays shut. Make the folder writable.`
    );
  } finally {
    await rm(whole, { force: true }).catch(() => undefined);
  }
}
