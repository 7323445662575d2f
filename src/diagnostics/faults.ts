/**
 * The faults that the kernel's TypeScript error names, as places in the cell's code. Pure: reads a traceback, which
 * may come from a saved notebook and is believed only where it quotes the line that stands there.
 */

export interface Fault {
  /** Characters `from` (included) to `to` (excluded) of the cell's code; at least one. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Entries of a traceback that are read, and characters of a message that are shown. */
const MOST_ENTRIES = 600;
const LONGEST = 1000;

const PLACE = /^line (\d{1,6}):(\d{1,6}) - ([^]*)$/;
const EXCERPT = /^ *(\d{1,6}) \| ([^]*)$/;
const CARETS = /^ *\| ?\s*(\^+)\s*$/;

/** The place in a line that a fault marks: at least one character, and where the line has none, none. */
function span(text: string, column: number, length: number): [number, number] | undefined {
  const end = text.trimEnd().length;
  if (end === 0) return undefined;
  // A fault at the line's end (something is missing) marks the last character before it.
  const from = Math.max(0, Math.min(column - 1, end - 1));
  return [from, Math.min(Math.max(from + length, from + 1), text.length)];
}

/**
 * @param traceback of an error named TypeScriptError: `line 2:7 - message (TS2322)`, the line, carets below it
 * @param source the cell's code as it is now
 */
export function readFaults(traceback: readonly unknown[], source: string): Fault[] {
  const lines = source.split('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  const entries = traceback.slice(0, MOST_ENTRIES).map(entry => String(entry));
  const faults: Fault[] = [];
  entries.forEach((entry, i) => {
    const place = PLACE.exec(entry);
    const quoted = EXCERPT.exec(entries[i + 1] ?? '');
    if (!place || !quoted || quoted[1] !== place[1]) return;
    const line = Number(place[1]) - 1;
    const text = lines[line];
    if (text === undefined || text !== quoted[2]) return;
    const length = CARETS.exec(entries[i + 2] ?? '')?.[1]?.length ?? 1;
    const found = span(text, Number(place[2]), length);
    if (!found) return;
    const start = starts[line]!;
    faults.push({ from: start + found[0], to: start + found[1], message: place[3]!.slice(0, LONGEST) });
  });
  return faults;
}
