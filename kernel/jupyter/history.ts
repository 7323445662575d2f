/** What was run in this session, for history requests. Nothing is kept from earlier sessions. */
import type { Json } from './wire.js';

interface Entry {
  line: number;
  source: string;
  /** Plain text of the result; null when there was none. */
  output: string | null;
}

/** This session's number in replies: 0 means the current one. */
const SESSION = 0;

/** A glob as in IPython: `*` any run of characters, `?` any one. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
}

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;

export class History {
  private readonly entries: Entry[] = [];

  add(line: number, source: string): (output: string) => void {
    const entry: Entry = { line, source, output: null };
    this.entries.push(entry);
    return output => (entry.output = output);
  }

  /** @returns content of history_reply. */
  answer(request: Json): Json {
    const found = this.find(request);
    const history = found.map(({ line, source, output }) =>
      request.output === true ? [SESSION, line, [source, output]] : [SESSION, line, source]
    );
    return { status: 'ok', history };
  }

  private find(request: Json): Entry[] {
    const n = number(request.n);
    switch (request.hist_access_type) {
      case 'range': {
        if ((number(request.session) ?? SESSION) !== SESSION) return [];
        const start = number(request.start) ?? 0;
        const stop = number(request.stop) ?? Infinity;
        return this.entries.filter(entry => entry.line >= start && entry.line < stop);
      }
      case 'search': {
        const pattern = globToRegExp(typeof request.pattern === 'string' ? request.pattern : '*');
        let found = this.entries.filter(entry => pattern.test(entry.source));
        // The latest of equal sources stays.
        if (request.unique === true) found = [...new Map(found.map(entry => [entry.source, entry])).values()];
        return n === undefined ? found : found.slice(-n || found.length);
      }
      default:
        return n === undefined || n <= 0 ? this.entries.slice() : this.entries.slice(-n);
    }
  }
}
