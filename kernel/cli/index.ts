/** The `hysim` command: what it is asked, and what it answers. Where Python and the package lie, its caller says. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CommandFault } from './fault.js';
import { graphOf } from './graph.js';
import { runNotebook } from './run.js';
import type { Python } from './session.js';

export type { Python } from './session.js';

const HELP = `hysim graph <notebook.ipynb> [--format mermaid|svg] [-o <file>]
    Prints which cells of the notebook read from which, as Mermaid (the default) or SVG.

hysim run <notebook.ipynb> [--stale]
    Runs all cells, each after those that it reads from, and saves the notebook. With --stale it runs those alone
    whose saved results are out of date, and what they need.

Both refuse a notebook whose cells need each other in a circle.
`;

export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

function read(args: readonly string[]): {
  command: string | undefined;
  path: string;
  values: { format?: string; output?: string; stale?: boolean; help?: boolean };
} {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        output: { type: 'string', short: 'o' },
        stale: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    });
    const [command, path = '', ...more] = positionals;
    if (!values.help && (more.length > 0 || path === '' || (command !== 'graph' && command !== 'run')))
      throw new CommandFault(`hysim needs a command and one notebook.\n\n${HELP}`, 2);
    return { command, path, values };
  } catch (error) {
    if (error instanceof CommandFault) throw error;
    throw new CommandFault(`${(error as Error).message}\n\n${HELP}`, 2);
  }
}

async function graph(
  path: string,
  { format, output }: { format?: string; output?: string },
  streams: Streams
): Promise<void> {
  const chosen = format ?? (output?.endsWith('.svg') ? 'svg' : 'mermaid');
  if (chosen !== 'mermaid' && chosen !== 'svg')
    throw new CommandFault(`--format is mermaid or svg, not "${chosen}".`, 2);
  const text = await graphOf(path, chosen);
  if (output === undefined) return streams.out(text);
  try {
    await writeFile(output, text);
  } catch (error) {
    throw new CommandFault(`${output} cannot be written: ${(error as Error).message}`);
  }
}

/** @returns the exit code: 0, 1 for what is wrong with the notebook or its cells, 2 for a command that is not understood */
export async function main(args: readonly string[], python: Python, streams: Streams): Promise<number> {
  try {
    const { command, path, values } = read(args);
    if (values.help) streams.out(HELP);
    else if (command === 'graph') await graph(path, values, streams);
    else {
      await runNotebook(path, {
        stale: values.stale === true,
        python,
        say: line => streams.out(`${line}\n`),
        warn: line => streams.err(`${line}\n`)
      });
    }
    return 0;
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    streams.err(`${error.message}\n`);
    return error.exitCode;
  }
}
