/** Cuts a stack down to what a person can act on: their cells, their modules, the libraries they call. */

/** Frames of the machinery that runs a cell: Node's internals, tslab, and the kernel's own folders. */
const MACHINERY = [
  /^\s+at .*\(?node:(internal|vm)\b/,
  /^\s+at .*[\\/]node_modules[\\/](tslab|@tslab)[\\/]/,
  /^\s+at .*[\\/]lib[\\/]kernel[\\/](cell|jupyter)[\\/]/,
  /^\s+at .*\(?node:(events|async_hooks|worker_threads)\b/,
  /^\s+at (process\.processTicksAndRejections|new Promise \(<anonymous>\))/
];

/** The function that wraps a cell has no name of the person's: `at cell[3]:2:7` says it all. */
const WRAPPER = /^(\s+at )(?:async )?(?:Object\.<anonymous>|<anonymous>|eval) \((cell\[\d+\]:\d+:\d+)\)$/;

const FRAME = /\b(cell\[\d+\]):(\d+):(\d+)/;

/** Node puts the throwing line of the emitted JavaScript above some errors; the cell is at hand, so drop it. */
function withoutExcerpt(lines: string[]): string[] {
  const caret = lines.findIndex(line => /^\s*\^+\s*$/.test(line));
  if (caret < 0 || caret > 3 || !/:\d+$/.test(lines[0]!)) return lines;
  const rest = lines.slice(caret + 1);
  return rest[0]?.trim() === '' ? rest.slice(1) : rest;
}

/** Where a frame of a cell's script lies in the cell's source; undefined for a frame not worth showing. */
export type MapFrame = (label: string, line: number, column: number) => string | undefined;

const asIs: MapFrame = (label, line, column) => `${label}:${line}:${column}`;

/** @returns the stack's lines without the machinery's frames; frames in cells point into their source. */
export function cleanStack(stack: string, map: MapFrame = asIs): string[] {
  const cleaned: string[] = [];
  for (const line of withoutExcerpt(stack.split('\n'))) {
    if (MACHINERY.some(frame => frame.test(line))) continue;
    // A function of an earlier cell is called through the scope, which V8 takes for a method's object.
    const plain = line.replace(WRAPPER, '$1$2').replace(/^(\s+at )Object\.(?=\w+ \(cell\[)/, '$1');
    const frame = /^\s+at /.test(plain) ? FRAME.exec(plain) : null;
    if (!frame) {
      cleaned.push(plain);
      continue;
    }
    const place = map(frame[1]!, Number(frame[2]), Number(frame[3]));
    if (place) cleaned.push(plain.replace(FRAME, () => place));
  }
  return cleaned;
}
