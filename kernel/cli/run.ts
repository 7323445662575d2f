/** `hysim run`: runs the cells of a notebook that are needed, in order, and saves it. */
import { dirname, resolve } from 'node:path';
import { titleOf, type CellState, type Dataflow, type RunRecord } from '../../common/dataflow/index.js';
import { readImports } from '../../common/stagecell/index.js';
import { contentHash } from '../store/index.js';
import { CommandFault } from './fault.js';
import { filesRead } from './files.js';
import { flowOf } from './flow.js';
import { readNotebookFile, type NotebookFile } from './notebook.js';
import { joinNotes } from './notes.js';
import { Needs } from './needs.js';
import { readRecords, recordsPath, writeRecords, type Records } from './records.js';
import { Session, type Python, type Ran } from './session.js';

export interface RunOptions {
  readonly stale: boolean;
  readonly python: Python;
  say(line: string): void;
  /** Something that is not as it should be, and does not end the run. */
  warn(line: string): void;
}

const hashOutputs = (notebook: NotebookFile): Record<string, string> =>
  Object.fromEntries([...notebook.outputs].map(([id, text]) => [id, contentHash({ text })]));

async function filesOf(notebook: NotebookFile): Promise<Record<string, Record<string, string>>> {
  const folder = dirname(resolve(notebook.path));
  const imports = readImports(notebook.cells.map(({ source }) => source));
  const files: Record<string, Record<string, string>> = {};
  for (const { id, source } of notebook.cells) files[id] = await filesRead(source, imports, folder);
  return files;
}

/** Notes of results that are still in the file as they were saved, and whose files hold what they held. */
export async function trusted(notebook: NotebookFile, records: Records): Promise<RunRecord[]> {
  const outputs = hashOutputs(notebook);
  const files = await filesOf(notebook);
  const same = (a: object | undefined, b: object | undefined): boolean =>
    JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
  return records.runs.filter(
    ({ cell }) =>
      cell !== undefined && outputs[cell] === records.outputs[cell] && same(files[cell], records.files[cell])
  );
}

function named(flow: Dataflow, id: string): string {
  const node = flow.nodes.find(each => each.id === id)!;
  return `cell ${node.index + 1} (${titleOf(node)})`;
}

/** Why a cell is due, on one line. */
function reason(state: CellState | undefined): string {
  if (!state?.run && state?.name === 'stale' && /^has not run/.test(state.why))
    return 'its saved result is of no run on record';
  const why = (state?.why ?? '').split('\n', 1)[0]!;
  if (state?.name === 'waiting') return `waits ${why}`;
  return state?.name === 'failed' ? `failed: ${why}` : why;
}

const inSeconds = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;

/** Saves notebook and notes. */
class Keeper {
  constructor(
    private readonly path: string,
    private readonly session: Session,
    private readonly options: RunOptions
  ) {}

  /** @throws CommandFault when the notebook cannot be written */
  async keep(runs: readonly RunRecord[], files: Records['files']): Promise<void> {
    const { status, reason } = await this.session.save();
    if (status !== 'ok') throw new CommandFault(`${this.path}: ${String(reason)}.`);
    try {
      const saved = await readNotebookFile(this.path);
      const here = new Set(saved.cells.map(({ id }) => id));
      const kept = runs.filter(({ cell }) => cell !== undefined && here.has(cell));
      await writeRecords(this.path, { runs: kept, outputs: hashOutputs(saved), files });
    } catch (error) {
      this.options.warn(
        `The notebook is saved, but ${recordsPath(this.path)} cannot be written, so that everything will count as out of date: ${(error as Error).message}`
      );
    }
  }
}

/** @throws CommandFault when a cell fails, or the notebook cannot be run */
export async function runNotebook(path: string, options: RunOptions): Promise<void> {
  const notebook = await readNotebookFile(path);
  const flow = flowOf(notebook);
  if (notebook.kernel !== undefined && notebook.kernel !== 'hysim')
    throw new CommandFault(
      `${path} is for the kernel "${notebook.kernel}"; hysim runs notebooks of the kernel "hysim". Change it in JupyterLab: Kernel, Change Kernel.`
    );
  const earlier = options.stale ? await trusted(notebook, await readRecords(path)) : [];
  const needs = new Needs(flow, earlier, !options.stale);
  const due = needs.due();
  if (due.length === 0) {
    options.say(`Nothing to run: all results in ${path} are up to date.`);
    return;
  }
  if (options.stale)
    for (const id of due) options.say(`  ${named(flow, id)}: ${reason(needs.states.get(id))}`);
  // Before the cells read them: what changes meanwhile is found the next time.
  const files = await filesOf(notebook);
  const { session, hash } = await Session.start(options.python, path, notebook.kernel ?? 'hysim');
  try {
    if (hash !== notebook.hash)
      throw new CommandFault(`${path} was changed just now; run the command again.`);
    const keeper = new Keeper(path, session, options);
    let count = 0;
    for (let id = needs.next(); id !== undefined; id = needs.next()) {
      const left = count + needs.left;
      const started = performance.now();
      const ran: Ran = await session.run(notebook.places.get(id)!, id);
      const runs = joinNotes(earlier, settled(ran, id));
      const took = inSeconds((performance.now() - started) / 1000);
      options.say(
        `  ${++count}/${left} ${named(flow, id)} ${ran.status === 'ok' ? took : `FAILED after ${took}`}`
      );
      needs.ran(id, runs);
      await keeper.keep(runs, files);
      if (ran.status !== 'ok')
        throw new CommandFault(`${path}: ${named(flow, id)} failed: ${String(ran.reason)}`);
    }
    options.say(`${count} ${count === 1 ? 'cell' : 'cells'} run; ${path} is saved.`);
  } finally {
    await session.end();
  }
}

/** A cell that may fail (tagged `raises-exception`) and did has ended as it should. */
function settled({ status, runs }: Ran, id: string): readonly RunRecord[] {
  if (status !== 'ok') return runs;
  return runs.map(run => (run.cell === id && run.status === 'failed' ? { ...run, status: 'done' } : run));
}
