/** What the cache says of itself: a table in a notebook, lines in a terminal, rows for a program. */
import { DISPLAY, type MimeBundle } from '../../../common/host.js';
import type { TablePayload } from '../../../common/views/payload.js';
import { bundle, renderText } from '../../views/index.js';

/** One kept result. */
export interface CachedResult {
  readonly stage: string;
  readonly version: number;
  readonly kind: string;
  /** Id of the value. */
  readonly id: string;
  /** Bytes of the value itself; those that it refers to are counted with their own results. */
  readonly bytes: number;
  /** How long it took to compute, in seconds. */
  readonly seconds: number;
  readonly made: Date;
  /** When it was used last. */
  readonly used: Date;
  readonly pinned: boolean;
  /** What is wrong with it, in words; absent where nothing is known to be. */
  readonly damage?: string;
}

/** Rows that a view shows; a program gets all of them. */
const SHOWN = 200;

/** "1.2 MB": decimal units, as file managers count. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toPrecision(3)} ${units[power]}`;
}

const minutes = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ');

export class CacheListing {
  constructor(
    private readonly title: string,
    private readonly words: string,
    /** Every result, the one that was used last first. */
    readonly results: readonly CachedResult[],
    readonly bytes: number
  ) {}

  get length(): number {
    return this.results.length;
  }

  [Symbol.iterator](): Iterator<CachedResult> {
    return this.results[Symbol.iterator]();
  }

  view(): TablePayload {
    const damaged = this.results.some(({ damage }) => damage !== undefined);
    const columns = ['stage', 'kind', 'id', 'size', 'took', 'made', 'used last (UTC)', 'pinned'];
    return {
      kind: 'table',
      version: 1,
      title: this.title,
      subtitle: this.words,
      note: 'what is in the results; a result goes when its room is needed, the one used longest ago first.',
      facts: [],
      n: this.results.length,
      columns: [...columns, ...(damaged ? ['damage'] : [])].map(name => ({ name, numeric: false })),
      rows: this.results
        .slice(0, SHOWN)
        .map(({ stage, version, kind, id, bytes, seconds, made, used, pinned, damage }) => [
          `${stage} ${version}`,
          kind,
          id.slice(0, 12),
          bytesInWords(bytes),
          `${seconds.toPrecision(2)} s`,
          minutes(made),
          minutes(used),
          pinned ? 'yes' : '',
          ...(damaged ? [(damage ?? '').slice(0, 400)] : [])
        ])
    };
  }

  [DISPLAY](): MimeBundle {
    return bundle(this.view());
  }

  toString(): string {
    return renderText(this.view());
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
