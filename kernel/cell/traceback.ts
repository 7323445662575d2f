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

/** @returns the stack's lines without the machinery's frames; frames in cells point into their source. */
export function cleanStack(stack: string, map: MapFrame = (label, line, column) => `${label}:${line}:${column}`): string[] {
  return withoutExcerpt(stack.split('\n'))
    .filter(line => !MACHINERY.some(frame => frame.test(line)))
    .map(line => line.replace(WRAPPER, '$1$2'))
    .map(line =>
      /^\s+at /.test(line)
        ? line.replace(FRAME, (_, label: string, at: string, column: string) => map(label, +at, +column))
        : line
    );
}

/** Where a frame of a cell's script lies in the cell's source. */
export type MapFrame = (label: string, line: number, column: number) => string;
