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

/** @returns the stack's lines without the machinery's frames. */
export function cleanStack(stack: string): string[] {
  return stack
    .split('\n')
    .filter(line => !MACHINERY.some(frame => frame.test(line)))
    .map(line => line.replace(WRAPPER, '$1$2'));
}
