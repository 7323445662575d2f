/** Writes parameters into the call that made what a cell shows: one edit that can be undone. Runs nothing. */
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import {
  callThatMade,
  editParameters,
  findStageCalls,
  readImports,
  readParameters,
  stageNamed,
  type Changes,
  type Range,
  type Refusal
} from '../../common/stagecell/index.js';
import { codeCells, lockOf, oneStep, writeEdits } from '../notebooks/index.js';
import { markRanges } from './mark.js';

export type Applied = { readonly applied: true; readonly cell: Cell } | Refusal;

/** Where the changed values stand in the code as it is now. */
function changedRanges(sources: readonly string[], cell: number, index: number, changes: Changes): Range[] {
  const source = sources[cell]!;
  const call = findStageCalls(source, readImports(sources))[index];
  if (!call) return [];
  const given = readParameters(source, call);
  return Object.keys(changes).flatMap(name => given.get(name) ?? []);
}

/**
 * Gives the call of `stage` that made what `shower` shows these parameters; undefined takes one out. Scrolls to the
 * call and marks what changed, or says why it cannot.
 */
export function applyParameters(
  panel: NotebookPanel,
  shower: Cell,
  stage: string,
  changes: Changes
): Applied {
  const title = stageNamed(stage)?.title ?? stage;
  const cells = codeCells(panel);
  const at = cells.indexOf(shower);
  if (at < 0) return { reason: 'the cell is no longer in the notebook' };
  const sources = cells.map(cell => cell.model.sharedModel.getSource());
  const place = callThatMade(sources, at, stage);
  const cell = place && cells[place.cell];
  if (!place || !cell) return { reason: `no cell from here up calls ${title}` };
  const lock = lockOf(cell);
  if (lock) return { reason: `the cell that calls ${title} ${lock}` };
  const source = sources[place.cell]!;
  const edits = editParameters(source, place.call, changes);
  if ('reason' in edits) return edits;
  const calls = findStageCalls(source, readImports(sources));
  const index = calls.findIndex(({ from, to }) => from === place.call.from && to === place.call.to);
  if (edits.length > 0) oneStep(cell.model.sharedModel, () => writeEdits(cell, edits));
  sources[place.cell] = cell.model.sharedModel.getSource();
  const ranges = changedRanges(sources, place.cell, index, changes);
  void show(panel, cell).then(() => markRanges(cell, ranges));
  return { applied: true, cell };
}

/**
 * The same for whatever lies in a cell of the notebook, such as a view among its outputs; with `run`, the changed cell
 * runs too. Returns why it cannot, if it cannot.
 */
export function applyFrom(
  panel: NotebookPanel,
  node: HTMLElement,
  stage: string,
  changes: Changes,
  run: boolean
): string | undefined {
  const shower = panel.content.widgets.find(cell => cell.node.contains(node));
  if (!shower) return 'this view stands outside the notebook’s cells';
  const applied = applyParameters(panel, shower, stage, changes);
  if ('reason' in applied) return applied.reason;
  if (run) void NotebookActions.runCells(panel.content, [applied.cell], panel.sessionContext);
  return undefined;
}

/** Brings the call's cell on screen; the cell that a person is at stays the active one. */
async function show(panel: NotebookPanel, cell: Cell): Promise<void> {
  const index = panel.content.widgets.indexOf(cell);
  if (index < 0) return;
  try {
    await panel.content.scrollToItem(index, 'auto');
  } catch {
    // Something else asked to scroll meanwhile, e.g. the cell being run: that is where the person looks then.
  }
  await cell.ready;
}
