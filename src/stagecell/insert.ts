/** Puts a stage's cell into a notebook, as one edit that can be undone, and makes a new notebook of an analysis. */
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import {
  analysisCells,
  readNotebook,
  stageCode,
  type NotebookCode,
  type StageData
} from '../../common/stagecell/index.js';
import { KERNEL_NAME } from '../link/index.js';
import { codeOf, oneStep } from '../notebooks/index.js';

interface Known {
  readonly above: number;
  readonly sources: readonly string[];
  readonly code: NotebookCode;
}

/** The palette asks for every stage whenever it is drawn: the answer holds until code or place change. */
const known = new WeakMap<NotebookPanel, Known>();

/** What the notebook's stages have made down to the active cell. */
export function codeAbove(panel: NotebookPanel): NotebookCode {
  const { widgets, activeCellIndex } = panel.content;
  const above = widgets.filter((cell, i) => i <= activeCellIndex && cell.model.type === 'code').length;
  const sources = codeOf(panel);
  const entry = known.get(panel);
  const still =
    entry?.above === above &&
    entry.sources.length === sources.length &&
    sources.every((source, i) => source === entry.sources[i]);
  if (still) return entry.code;
  const code = readNotebook(sources, above);
  known.set(panel, { above, sources, code });
  return code;
}

async function show(notebook: Notebook, index: number): Promise<void> {
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, 'smart');
  notebook.activate();
}

/** Inserts a cell below the active one and makes it the active one. */
export async function insertStage(
  panel: NotebookPanel,
  stage: StageData,
  wanted: Readonly<Record<string, unknown>> = {}
): Promise<void> {
  const notebook = panel.content;
  if (!notebook.model) return;
  const source = stageCode(stage, codeAbove(panel), wanted);
  const index = notebook.activeCellIndex + 1;
  const { sharedModel } = notebook.model;
  oneStep(sharedModel, () => {
    sharedModel.insertCell(index, { cell_type: 'code', source, metadata: { trusted: true } });
  });
  await show(notebook, index);
}

/** The file of a new analysis: the import and the first stages, for our kernel. */
export function analysisNotebook(): Record<string, unknown> {
  return {
    cells: analysisCells().map(source => ({
      cell_type: 'code',
      // Two notebooks on one kernel must not have cells of the same id.
      id: UUID.uuid4(),
      metadata: {},
      execution_count: null,
      outputs: [],
      source
    })),
    metadata: {
      kernelspec: { name: KERNEL_NAME, display_name: 'HySim (TypeScript)', language: 'typescript' },
      language_info: { name: 'typescript', mimetype: 'text/typescript', file_extension: '.ts' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}
