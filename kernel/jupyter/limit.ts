/**
 * How much text a cell may print: a loop that never ends must not fill the browser's memory. Also bounds the
 * plain text of a value. It counts UTF-16 units, which is what a browser keeps.
 */
import type { MimeBundle } from '../../common/host.js';
import type { Origin } from './origin.js';

/** Characters, unless the environment or `jupyter.outputLimit` says otherwise. */
const USUAL = 1_000_000;
const VARIABLE = 'HYSIM_OUTPUT_LIMIT';

/** A limit from the outside: a number of characters, or "Infinity". */
export function readLimit(text: string | undefined): number {
  const limit = Number(text);
  return text !== undefined && text.trim() !== '' && limit >= 0 ? limit : USUAL;
}

const grouped = (count: number): string => count.toLocaleString('en-US');

export class OutputLimit {
  private limit = readLimit(process.env[VARIABLE]);

  get characters(): number {
    return this.limit;
  }

  /** @throws RangeError */
  set characters(limit: number) {
    if (typeof limit !== 'number' || !(limit >= 0))
      throw new RangeError(`jupyter.outputLimit is a number of characters, 0 or more, not ${String(limit)}`);
    this.limit = limit;
  }

  /** What of a printed text is sent. The text at which the limit is passed ends with a notice. */
  take(origin: Origin, text: string): string {
    const left = this.limit - origin.printed;
    origin.printed += text.length;
    if (text.length <= left) return text;
    const first = origin.omitted === 0;
    const kept = text.slice(0, Math.max(0, left));
    origin.omitted += text.length - kept.length;
    if (!first) return '';
    return (
      `${kept}\n[Output ends here: this cell has printed more than ${grouped(this.limit)} characters, and the rest ` +
      'is left out. For more, set jupyter.outputLimit = 10_000_000 in a cell before it ' +
      `(or ${VARIABLE} before the start), or write to a file.]\n`
    );
  }

  /** What is said when the cell ends; empty when nothing was left out. */
  summary(origin: Origin): string {
    return origin.omitted > 0 ? `[${grouped(origin.omitted)} characters were left out.]\n` : '';
  }

  /** A bundle whose plain text is no longer than the limit. Other types are as long as their maker wants. */
  bound(bundle: MimeBundle): MimeBundle {
    const text = bundle['text/plain'];
    if (typeof text !== 'string' || text.length <= this.limit) return bundle;
    const notice = `\n[${grouped(text.length - this.limit)} characters more; jupyter.outputLimit sets the limit.]`;
    // A copy: the bundle may be the person's own. Symbols are copied too.
    return { ...bundle, 'text/plain': text.slice(0, this.limit) + notice };
  }
}
