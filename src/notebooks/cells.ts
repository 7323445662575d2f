/** The code cells of a notebook, and edits that a person takes back in one step. Knows no stage. */
import type { Cell } from '@jupyterlab/cells';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { Edit } from '../../common/stagecell/index.js';
import { KERNEL_NAME } from '../link/index.js';

/** Whether the notebook runs, or would run, in our kernel. */
export function isOurs(panel: NotebookPanel): boolean {
  const kernel = panel.sessionContext.session?.kernel;
  if (kernel) return kernel.name === KERNEL_NAME;
  const spec = panel.model?.getMetadata('kernelspec') as { name?: unknown } | undefined;
  return spec?.name === KERNEL_NAME;
}

/** Languages whose names are read the same way, in whatever kernel. */
const READABLE: readonly unknown[] = ['typescript', 'javascript'];

/** Whether the notebook's cells are TypeScript or JavaScript. */
export function isReadable(panel: NotebookPanel): boolean {
  if (isOurs(panel)) return true;
  const info = panel.model?.getMetadata('language_info') as { name?: unknown } | undefined;
  const spec = panel.model?.getMetadata('kernelspec') as { language?: unknown } | undefined;
  return READABLE.includes(String(info?.name ?? spec?.language).toLowerCase());
}

/** The notebook’s code cells, from the top. */
export function codeCells(panel: NotebookPanel): readonly Cell[] {
  return panel.content.widgets.filter(cell => cell.model.type === 'code');
}

/** The code of the notebook's code cells, from the top. */
export function codeOf(panel: NotebookPanel): string[] {
  return codeCells(panel).map(cell => cell.model.sharedModel.getSource());
}

/** Why a person may not change a cell; undefined when they may. */
export function lockOf(cell: Cell): string | undefined {
  return cell.readOnly || cell.model.getMetadata('editable') === false ? 'is locked' : undefined;
}

interface Undoing {
  readonly undoManager?: { stopCapturing?(): void } | null;
}

/** What edits text can be asked to do, of what JupyterLab's shared models offer. */
interface SharedText extends Undoing {
  updateSource(start: number, end: number, value?: string): void;
  transact(change: () => void): void;
}

/** Changes close in time count as one for undo. What `change` does is a step of its own. */
export function oneStep(shared: unknown, change: () => void): void {
  const { undoManager } = shared as Undoing;
  undoManager?.stopCapturing?.();
  (shared as SharedText).transact(change);
  undoManager?.stopCapturing?.();
}

/** Writes edits that are in order and apart from each other into a cell's text; part of whatever step it is in. */
export function writeEdits(cell: Cell, edits: readonly Edit[]): void {
  const shared = cell.model.sharedModel as unknown as SharedText;
  // From the end, so that the places of those before still hold.
  for (const { from, to, insert } of [...edits].reverse()) shared.updateSource(from, to, insert);
}

export type SharedNotebook = INotebookModel['sharedModel'];
