/** Notebooks with stage cells for the browser tests, and the handles on them. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { JSHandle, Locator } from '@playwright/test';

export interface CellJson {
  cell_type?: string;
  id?: string;
  metadata?: Record<string, unknown>;
  execution_count?: number | null;
  source: string;
  outputs?: unknown[];
}

/** The JSON of a notebook for our kernel; a string is the code of a cell that was never run. */
export function stageNotebook(...cells: (string | CellJson)[]): string {
  return JSON.stringify({
    cells: cells.map((cell, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      ...(typeof cell === 'string' ? { source: cell } : cell)
    })),
    metadata: {
      kernelspec: { name: 'hysim', display_name: 'HySim (TypeScript)', language: 'typescript' },
      language_info: { name: 'typescript', mimetype: 'text/typescript', file_extension: '.ts' }
    },
    nbformat: 4,
    nbformat_minor: 5
  });
}

/** The header of the stage with this title, in the notebook in front. */
export const header = (page: IJupyterLabPageFixture, title: string): Locator =>
  page.locator(`.jp-NotebookPanel:visible .hs-StageHeader[aria-label="Stage: ${title}"]`);

/** Runs a command of JupyterLab; returns what it returns. */
export async function execute(
  page: IJupyterLabPageFixture,
  id: string,
  args: Record<string, unknown> = {}
): Promise<unknown> {
  return await page.evaluate(
    async ([command, given]) => {
      const app = (
        window as unknown as {
          jupyterapp: { commands: { execute(id: string, args: unknown): Promise<unknown> } };
        }
      ).jupyterapp;
      return await app.commands.execute(command as string, given);
    },
    [id, args] as const
  );
}

interface NotebookWidget {
  activeCellIndex: number;
  mode: string;
  deselectAll(): void;
  readonly widgets: readonly { readonly model: { readonly sharedModel: { getSource(): string } } }[];
}

/** The notebook in front, in the page. */
async function inFront(page: IJupyterLabPageFixture): Promise<JSHandle<NotebookWidget>> {
  return await page.evaluateHandle(
    () =>
      (window as unknown as { jupyterapp: { shell: { currentWidget: { content: NotebookWidget } } } })
        .jupyterapp.shell.currentWidget.content
  );
}

/** The code of a cell as its model holds it: asking disturbs neither focus nor the active cell. */
export async function sourceOf(page: IJupyterLabPageFixture, index: number): Promise<string> {
  const notebook = await inFront(page);
  return await notebook.evaluate((node, at) => node.widgets[at]!.model.sharedModel.getSource(), index);
}

/** Makes a cell the active one, and the only selected. */
export async function activate(page: IJupyterLabPageFixture, index: number): Promise<void> {
  const notebook = await inFront(page);
  await notebook.evaluate((node, at) => {
    node.deselectAll();
    node.activeCellIndex = at;
    node.mode = 'command';
  }, index);
}
