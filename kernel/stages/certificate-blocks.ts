/** A bound in words and numbers, as the certificate's view shows it. */
import type { LabelledNumber } from '../../common/labels.js';
import type { CertificateBlock, Fact } from '../../common/views/payload.js';
import type { Bound, PapersNeeded, Theorem1a, Theorem1b, Theorem1c } from '../theory/index.js';
import { shown } from './values/shown.js';

export interface Certified {
  theorem: 'Theorem 1A' | 'Theorem 1B' | 'Theorem 1B-tilt' | 'Theorem 1C' | 'Source' | 'Target labels';
  bound: Bound | Theorem1a | Theorem1b | Theorem1c;
  needed?: PapersNeeded;
  /** What the risk is averaged over, e.g. "average paper". */
  average?: string;
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

/** What the number stands on, as a sentence; nothing where it stands on papers alone. */
function condition({ theorem, bound }: Certified): string {
  const assumed = bound.bound.assumptions ?? [];
  const noisy = assumed.some(assumption => assumption.startsWith('ϱ'));
  if (bound.population !== 'T' || theorem === 'Target labels')
    return noisy ? ' This holds only if the rate of wrong labels is right.' : '';
  const needs = [
    theorem === 'Theorem 1C' ? 'the loss is as smooth as R says' : 'the weights are right as its label says',
    'A2′ holds',
    ...(noisy ? ['the rate of wrong labels is right'] : [])
  ];
  return ` This holds only if ${needs.slice(0, -1).join(', ')} and ${needs.at(-1)}.`;
}

function words(certified: Certified, delta: number): string {
  const { theorem, bound, needed, average = 'average paper' } = certified;
  const where = POPULATION[bound.population];
  const fold = theorem === 'Target labels' ? 'U' : 'V';
  const sure = `with probability ${(1 - delta).toPrecision(3)}`;
  const n = bound.bound.n ?? 0;
  const value = bound.bound.value;
  const gibbs = theorem === 'Theorem 1A';
  const model = gibbs ? 'A model drawn anew for each row' : 'The model';
  const conditional = `${gibbs ? ' It is not the model that is deployed.' : ''}${condition(certified)}`;
  const papers = `${n} ${n === 1 ? 'paper' : 'papers'} of ${fold}`;
  let said: string;
  if (bound.quantity === 'risk') {
    said =
      bound.verdict === 'vacuous'
        ? `${papers} cannot bound the risk on ${where} below what any model has. This is not evidence that the model is bad, only that more papers are needed.`
        : `${model} errs on at most ${(100 * value).toFixed(1)} % of the ${average} of ${where}, ${sure}.${conditional}`;
  } else {
    said =
      bound.verdict === 'holds'
        ? `${model} improves on the baseline on ${where}, by at least ${(-100 * value).toFixed(1)} points, ${sure}.${conditional}`
        : bound.verdict === 'vacuous'
          ? `${papers} cannot tell a gain from a loss on ${where}. This is not evidence that the model is worse, only that more papers are needed.`
          : `Not resolved: ${gibbs ? 'a model drawn anew for each row' : 'the model'} is at most ${(100 * value).toFixed(1)} points worse than the baseline on ${where}, ${sure}; a gain is not shown.`;
  }
  if (!needed) return said;
  return `${said} ${bound.population === 'T' ? needed.words : sourcePlan(bound.quantity, needed, bound.population)}`;
}

/** What fold C says before V is opened: the bound to expect, and the papers that it would take. */
export function planBlock(
  quantity: Bound['quantity'],
  needed: PapersNeeded,
  population: Bound['population']
): CertificateBlock {
  const reference = quantity === 'risk' ? 1 : 0;
  return {
    title: `Plan, ${quantity}`,
    headline: needed.enough ? 'Papers should do' : 'Too few papers',
    words: `${population === 'T' ? needed.words : sourcePlan(quantity, needed, population)} Judged from fold C; fold V was not opened.`,
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
    facts: papersOf(needed, population)
  };
}

/**
 * What theorem 2 says of the denoising that the weights stand on: its cap as the headline, the other numbers beside it.
 * Undefined where nothing was projected.
 */
export function theorem2Block(
  numbers: readonly { readonly name: string; readonly number: LabelledNumber }[]
): CertificateBlock | undefined {
  const [cap, ...others] = numbers;
  if (!cap) return undefined;
  const { value } = cap.number;
  return {
    title: 'Theorem 2, denoising',
    headline: `κ |Δℓ| ≤ ${value.toPrecision(3)} L`,
    words:
      `Whatever a row is, its clean weight lets it move the loss by at most ${value.toPrecision(3)} times L, the slope of the loss in the embedding. ` +
      'This is about the projection that was computed, not about a true manifold, and L is not known.',
    verdict: 'information',
    terms: [
      {
        name: 'cap',
        symbol: 'd₀ + h e^(−½)',
        number: shown(cap.number),
        help: cap.number.help ?? ''
      }
    ],
    bound: shown(cap.number),
    reference: 0,
    facts: others.map(({ name, number }) => ({ name, number: shown(number) }))
  };
}

/** Papers needed where only the source is certified: no target paper has a part in it. */
function sourcePlan(
  quantity: Bound['quantity'],
  needed: PapersNeeded,
  population: Bound['population']
): string {
  const source = population === 'S_w' ? 'tilted source' : 'source';
  const goal = quantity === 'risk' ? `a ${source} risk below 1` : `an improvement on the ${source}`;
  const n = needed.source.value;
  return Number.isFinite(n)
    ? `About ${n} papers in V are needed to certify ${goal}.`
    : `Fold C shows no sign of ${goal}: more papers would not certify it.`;
}

function papersOf(needed: PapersNeeded, population: Bound['population']): Fact[] {
  const list = [{ name: 'papers needed in V', number: shown(needed.source) }];
  if (population === 'T') list.push({ name: 'papers needed in U', number: shown(needed.target) });
  return list;
}

function facts({ bound, needed, truth }: Certified): Fact[] {
  const list: Fact[] = [];
  if ('ess' in bound) {
    list.push({ name: 'effective papers of V', number: shown(bound.ess) });
    list.push({ name: 'Maurer-Pontil instead', number: shown(bound.comparison.maurerPontil) });
    list.push({ name: 'normal approximation instead', number: shown(bound.comparison.clt) });
  }
  if ('discrepancy' in bound) {
    list.push({ name: 'discrepancy, weighted source', number: shown(bound.discrepancy.weighted) });
    list.push({ name: 'discrepancy, source as it is', number: shown(bound.discrepancy.uniform) });
  }
  if ('closedForm' in bound)
    list.push({ name: 'width as printed, 1.061 …', number: shown(bound.closedForm) });
  if (needed) {
    list.push(...papersOf(needed, bound.population));
    if (bound.population === 'T')
      list.push({ name: 'or labels of target papers', number: shown(needed.labels) });
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
  const scan = 'gamma' in bound ? bound.gamma : undefined;
  const at = scan && readings(certified, delta);
  const gamma = scan && { ...scan, ...(at ? { at } : {}) };
  return {
    title: `${theorem}, ${bound.quantity}`,
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
