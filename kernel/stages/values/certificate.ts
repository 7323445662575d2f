/** A theorem's terms as numbers, each with what it claims, and the bound that they add up to. */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { LabelledNumber } from '../../../common/labels.js';
import type { CertificateBlock, CertificatePayload, Fact } from '../../../common/views/payload.js';
import { weakestClaim } from '../../../common/views/index.js';
import { contentHash } from '../../store/index.js';
import { PARTS, type Parts } from './parts.js';
import { Value } from './value.js';

export interface CertificateParts {
  readonly blocks: readonly CertificateBlock[];
  readonly delta: number;
  /** Which look at fold V this is, and at what delta. */
  readonly look: { readonly position: number; readonly delta: number; readonly declared?: number };
  /** Where all numbers hold together: how many there are, and the delta of each. */
  readonly together?: { readonly numbers: number; readonly delta: number };
  /** What the risk is averaged over; papers when absent. */
  readonly unit?: 'paper' | 'row';
  readonly papers: { readonly V: number; readonly U: number };
  readonly facts: readonly Fact[];
}

function ledgerWords({ look, delta }: CertificateParts): string {
  const at = `δ = ${look.delta.toPrecision(3)} of ${delta}`;
  if (look.position === 0) return `fold V was not opened; the first look would be certified at ${at}`;
  const which = look.declared
    ? `look ${look.position} of ${look.declared} declared`
    : `look ${look.position}`;
  return `${which} at these papers of V, certified at ${at}`;
}

export class Certificate extends Value {
  override readonly kind = 'certificate';
  override readonly id: string;
  readonly #dataId: string;

  constructor(
    dataId: string,
    readonly parts: CertificateParts
  ) {
    super();
    this.#dataId = dataId;
    this.id = contentHash({
      kind: 'certificate',
      data: dataId,
      parts: JSON.parse(JSON.stringify(parts)) as never
    });
  }

  override [PARTS](): Parts {
    return { content: { dataId: this.#dataId, parts: this.parts } };
  }

  override get dataId(): string {
    return this.#dataId;
  }

  /** The bound of the block whose title begins so, e.g. "Theorem 1B, improvement". */
  bound(title: string): LabelledNumber | undefined {
    const bound = this.parts.blocks.find(block => block.title.startsWith(title))?.bound;
    return bound && ({ ...bound, value: bound.value ?? NaN } as LabelledNumber);
  }

  override toArrow(): Table {
    const rows = this.parts.blocks.flatMap(block => [
      ...block.terms.map(term => ({ block: block.title, term: term.name, number: term.number })),
      { block: block.title, term: 'bound', number: block.bound }
    ]);
    return tableFromArrays({
      block: rows.map(row => row.block),
      term: rows.map(row => row.term),
      value: rows.map(row => row.number.value),
      label: rows.map(row => row.number.label as string),
      assumptions: rows.map(row => row.number.assumptions?.join('; ') ?? ''),
      n: rows.map(row => row.number.n ?? null),
      fold: rows.map(row => row.number.fold ?? '')
    });
  }

  override view(): CertificatePayload {
    const { parts } = this;
    return {
      kind: 'certificate',
      version: 1,
      title: 'Certificate',
      subtitle: `${parts.papers.V} papers of V, ${parts.papers.U} of U, average ${parts.unit ?? 'paper'}, 0-1 loss`,
      note: `anything about papers unlike these. ${
        parts.together
          ? `All ${parts.together.numbers} numbers hold together, each at δ = ${parts.together.delta.toPrecision(3)}. Facts beside the bounds hold each by itself.`
          : 'Each number holds with its own probability; all of them together, with less.'
      }`,
      facts: [
        { name: 'ledger', text: ledgerWords(parts) },
        { name: 'taken together', text: `no stronger than ${weakestClaim(parts.blocks)}` },
        ...parts.facts
      ],
      blocks: [...parts.blocks]
    };
  }

  override toString(): string {
    return this.parts.blocks.map(block => `${block.title}: ${block.headline}`).join('\n');
  }
}
