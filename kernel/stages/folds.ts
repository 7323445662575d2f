/**
 * Folds by paper (theory.md A0, errata.md E4): a paper has one fold across both domains. Papers are taken in
 * an order that depends on the seed and their own names alone, and each goes to the fold that its domains lack
 * most, so that small targets get every fold they have papers for.
 */
import { DataError } from '../../common/errors.js';
import { contentHash } from '../store/index.js';
import type { Domain, Fold } from './values/data.js';

type Part = 'F' | 'C' | 'held';
const PARTS: readonly Part[] = ['F', 'held', 'C'];

/**
 * One fold a row: F, C, or the held-out fold, called V in the source and U in the target.
 * @throws DataError when a domain has too few papers for three folds
 */
export function assignFolds(
  paper: readonly string[],
  domain: readonly Domain[],
  params: { fit: number; choose: number; seed: number }
): Fold[] {
  const domains = new Map<string, Set<Domain>>();
  paper.forEach((name, i) => {
    if (!domains.has(name)) domains.set(name, new Set());
    domains.get(name)!.add(domain[i]!);
  });
  const total = { source: 0, target: 0 };
  for (const set of domains.values()) for (const name of set) total[name]++;
  for (const name of ['source', 'target'] as const) {
    if (total[name] < 3) {
      throw new DataError(
        `split: the ${name} has ${total[name]} paper${total[name] === 1 ? '' : 's'}; three folds need at least 3, one each to fit, choose and certify. Load more tables, or widen the ${name}.`
      );
    }
  }
  const share: Record<Part, number> = {
    F: params.fit,
    C: params.choose,
    held: 1 - params.fit - params.choose
  };
  const count = { source: { F: 0, C: 0, held: 0 }, target: { F: 0, C: 0, held: 0 } };
  // Papers of the smaller domain first: they have the least room to balance later.
  const rarity = (set: Set<Domain>): number => Math.min(...[...set].map(name => total[name]));
  const order = [...domains]
    .map(([name, set]) => ({ name, set, key: contentHash({ seed: params.seed, paper: name }) }))
    .sort((a, b) => rarity(a.set) - rarity(b.set) || b.set.size - a.set.size || (a.key < b.key ? -1 : 1));
  const fold = new Map<string, Part>();
  for (const { name, set } of order) {
    // What the fold still lacks, as a share of each domain's papers; an empty fold is lacked most.
    const lack = (part: Part): number =>
      [...set].reduce((sum, d) => {
        const missing = share[part] - count[d][part] / total[d];
        return sum + missing + (count[d][part] === 0 ? 0.5 : 0);
      }, 0);
    const best = PARTS.reduce((a, b) => (lack(b) > lack(a) + 1e-12 ? b : a));
    fold.set(name, best);
    for (const d of set) count[d][best]++;
  }
  return paper.map((name, i) => {
    const part = fold.get(name)!;
    return part !== 'held' ? part : domain[i] === 'source' ? 'V' : 'U';
  });
}
