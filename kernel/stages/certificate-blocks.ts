/** A bound in words and numbers, as the certificate's view shows it. */
import type { LabelledNumber } from '../../common/labels.js';
import type { CertificateBlock, Fact } from '../../common/views/payload.js';
import type { Bound, PapersNeeded, Theorem1b } from '../theory/index.js';
import { shown } from './values/shown.js';

export interface Certified {
  theorem: 'Theorem 1B' | 'Theorem 1B-tilt' | 'Source';
  bound: Bound | Theorem1b;
  needed?: PapersNeeded;
  /** Known in a simulation only. */
  truth?: LabelledNumber;
  /** The bound at each Γ of its grid, as it would have been certified with that Γ. */
  at?: readonly Theorem1b[];
}

const POPULATION = {
  T: 'the target',
  S: 'the source',
  S_w: 'the source tilted by the weights, which is not the target'
} as const;

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

function headline({ bound }: Certified): string {
  if (bound.verdict === 'vacuous') return 'Says nothing';
  const { value } = bound.bound;
  const index = { T: 'T', S: 'S', S_w: 'w' }[bound.population];
  return bound.quantity === 'risk' ? `L_${index} ≤ ${value.toFixed(3)}` : `D_${index} ≤ ${signed(value)}`;
}

function words({ bound, needed }: Certified, delta: number): string {
  const where = POPULATION[bound.population];
  const sure = `with probability ${(1 - delta).toPrecision(3)}`;
  const n = bound.bound.n ?? 0;
  const value = bound.bound.value;
  const conditional =
    bound.population === 'T' ? ' This holds only if the weights and A2′ hold as its label says.' : '';
  let said: string;
  if (bound.quantity === 'risk') {
    said =
      bound.verdict === 'vacuous'
        ? `${n} papers of V cannot bound the risk on ${where} below what any model has. This is not evidence that the model is bad, only that more papers are needed.`
        : `The model errs on at most ${(100 * value).toFixed(1)} % of the average paper of ${where}, ${sure}.${conditional}`;
  } else {
    said =
      bound.verdict === 'holds'
        ? `The model improves on the baseline on ${where}, by at least ${(-100 * value).toFixed(1)} points, ${sure}.${conditional}`
        : bound.verdict === 'vacuous'
          ? `${n} papers of V cannot tell a gain from a loss on ${where}. This is not evidence that the model is worse, only that more papers are needed.`
          : `Not resolved: the model is at most ${(100 * value).toFixed(1)} points worse than the baseline on ${where}, ${sure}; a gain is not shown.`;
  }
  if (!needed) return said;
  return `${said} ${bound.population === 'S' ? sourcePlan(bound.quantity, needed) : needed.words}`;
}

/** What fold C says before V is opened: the bound to expect, and the papers that it would take. */
export function planBlock(
  quantity: Bound['quantity'],
  needed: PapersNeeded,
  uniform: boolean
): CertificateBlock {
  const what = quantity === 'risk' ? 'risk' : 'improvement';
  const reference = quantity === 'risk' ? 1 : 0;
  return {
    title: `Plan, ${what}`,
    headline: needed.enough ? 'Papers should do' : 'Too few papers',
    words: `${uniform ? sourcePlan(quantity, needed) : needed.words} Judged from fold C; fold V was not opened.`,
    verdict: 'information',
    terms: [
      {
        name: 'bound to expect',
        symbol: quantity === 'risk' ? 'L' : 'D',
        number: shown(needed.expected),
        help: needed.expected.help ?? ''
      }
    ],
    bound: shown(needed.expected),
    reference,
    facts: [
      { name: 'papers needed in V', number: shown(needed.source) },
      ...(uniform ? [] : [{ name: 'papers needed in U', number: shown(needed.target) }])
    ]
  };
}

/** Papers needed where only the source is certified: no target paper has a part in it. */
function sourcePlan(quantity: Bound['quantity'], needed: PapersNeeded): string {
  const goal = quantity === 'risk' ? 'a source risk below 1' : 'an improvement on the source';
  const n = needed.source.value;
  return Number.isFinite(n)
    ? `About ${n} papers in V are needed to certify ${goal}.`
    : `Fold C shows no sign of ${goal}: more papers would not certify it.`;
}

function facts({ bound, needed, truth }: Certified): Fact[] {
  const list: Fact[] = [];
  if ('ess' in bound) {
    list.push({ name: 'effective papers of V', number: shown(bound.ess) });
    list.push({ name: 'Maurer-Pontil instead', number: shown(bound.comparison.maurerPontil) });
    list.push({ name: 'normal approximation instead', number: shown(bound.comparison.clt) });
  }
  if (needed) {
    list.push({ name: 'papers needed in V', number: shown(needed.source) });
    if (bound.population !== 'S') list.push({ name: 'papers needed in U', number: shown(needed.target) });
  }
  if (truth) list.push({ name: 'truth', number: shown(truth) });
  return list;
}

type Gamma = NonNullable<CertificateBlock['gamma']>;

/** What the block would say at each Γ of its grid. */
function readings(certified: Certified, delta: number): Gamma['at'] {
  return certified.at?.map(bound => {
    const block = blockOf({ ...certified, bound, at: undefined }, delta);
    const { headline, words, verdict } = block;
    return { terms: block.terms.map(term => term.number.value), headline, words, verdict };
  });
}

export function blockOf(certified: Certified, delta: number): CertificateBlock {
  const { theorem, bound, truth } = certified;
  const what = bound.quantity === 'risk' ? 'risk' : 'improvement';
  const scan = 'gamma' in bound ? bound.gamma : undefined;
  const at = scan && readings(certified, delta);
  const gamma = scan && { ...scan, ...(at ? { at } : {}) };
  return {
    title: `${theorem}, ${what}`,
    headline: headline(certified),
    words: words(certified, delta),
    verdict: bound.verdict,
    terms: bound.terms.map(({ name, symbol, number, help }) => ({
      name,
      symbol,
      number: shown(number),
      help
    })),
    bound: shown(bound.bound),
    reference: bound.reference,
    truth: truth && shown(truth),
    gamma,
    facts: facts(certified)
  };
}
