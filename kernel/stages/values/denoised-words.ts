/** What denoising says in words: what it chose and why, and what a person should be warned of. Computes nothing. */
import { typeOneFactors } from '../../theory/index.js';
import type { ManifoldSummary } from './denoised.js';

const METHOD = { none: 'none', global: 'global PCA', local: 'local planes' } as const;

const two = (value: number): string =>
  Number.isFinite(value) ? Number(value.toPrecision(2)).toString() : 'none';

/** The held-out table: RMS distance to the clean point, as a share of what it is where rows stay as they are. */
export function denoiserWords({ denoiser }: ManifoldSummary): string {
  const { table, method, asked, rows } = denoiser;
  const gains = table.map(row => {
    const kept = row.method === method ? (asked === 'auto' ? ' (kept)' : ' (asked for)') : '';
    return `${METHOD[row.method]} ${Number.isFinite(row.gain) ? row.gain.toFixed(3) : 'n/a'}${kept}`;
  });
  return `${gains.join(', ')}; error left of the noise, on ${rows} rows of fold C`;
}

/** (G) beside what was measured. */
export function gainWords({ gains, neighbors, denoiser, reach }: ManifoldSummary): string {
  const predicted = gains.find(row => row.neighbors === neighbors)!.gain;
  const measured = denoiser.table.find(row => row.method === 'local')!.gain;
  const looked = gains.map(row => row.neighbors).join(', ');
  const from = gains.length > 1 ? `, least of k = ${looked}` : '';
  return `predicted ${two(predicted)} at k = ${neighbors}${from}; measured ${two(measured)}; reach ${two(reach)}`;
}

/** Which papers are trusted, and what was done to them. */
export function referenceWords({ reference }: ManifoldSummary): string {
  const { rows, papers, words, trimmed, contamination } = reference;
  const said = `${rows} rows of ${papers} papers: ${words}`;
  return contamination > 0 ? `${said}; ${trimmed} trimmed, ν = ${contamination} declared` : said;
}

/** Plain sentences; none where nothing is wrong. */
export function warningsOf(manifold: ManifoldSummary): string[] {
  if (manifold.bypassed) return [];
  const { denoiser, disagree, votes, dimension, reference, flaggedPapers } = manifold;
  const out: string[] = [];
  if (denoiser.harms)
    out.push(
      `Projection harms: on held-out rows ${METHOD[denoiser.method]} moves rows further from their clean points than noise had. ` +
        'Distances still tell strange rows from others; do not read them as noise removed.'
    );
  if (denoiser.method === 'none')
    out.push('No projection: no row is moved, so every distance is 0 and κ is 1 for all. Flags stand.');
  if (disagree) {
    const all = Object.entries(votes).map(([name, vote]) => `${name} ${vote.toFixed(1)}`);
    out.push(
      `The votes on the intrinsic dimension disagree by more than 1 (${all.join(', ')}): ${dimension} was taken.`
    );
  }
  if (reference.suspect)
    out.push(
      `The reference looks contaminated: ${reference.far} of its ${reference.papers} papers lie far beyond the rest. ` +
        'Foreign rows that score high leave nothing flagged and κ near 1; those that score low make p-values too small, by up to 1 / (1 − ν). ' +
        `Declare \`contamination\`, name \`trusted\` papers, or take the ${reference.domain === 'source' ? 'target' : 'source'} as the reference. A clean reference with a heavy tail looks the same.`
    );
  if (reference.contamination > 0) {
    const { kept, trimmed } = typeOneFactors(0.05, reference.contamination);
    out.push(
      `Contamination ν = ${reference.contamination} is declared: a clean row has p ≤ .05 with probability up to ${trimmed.toFixed(3)} = t (1 − ν) + ν ` +
        `where clean papers were trimmed, ${kept.toFixed(3)} = t / (1 − ν) where foreign ones stayed. After trimming the rate of false flags is not controlled.`
    );
  }
  if (flaggedPapers.least > 1 && flaggedPapers.flagged === 0)
    out.push(
      `With ${reference.papers} reference papers nothing is flagged until ${flaggedPapers.least} of the ${flaggedPapers.of} papers are stranger than all of them. ` +
        'More papers in fold C, or a larger `fdr`, would flag fewer at a time.'
    );
  return out;
}

/** What a small p-value says, and of whom (errata.md E15). */
export function flagHelp({ reference, flaggedPapers }: ManifoldSummary): string {
  const other = reference.domain === 'source' ? 'target' : 'source';
  return (
    `Not like the ${reference.domain} reference: rows that reach the score of ${flaggedPapers.flagged} flagged papers of ${flaggedPapers.of}, ` +
    `by Benjamini and Hochberg's rule on each paper's largest score against ${reference.papers} reference papers. ` +
    `A clean row of the ${other} may be unlike it too.`
  );
}
