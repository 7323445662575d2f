/** What a stage does and takes, in JupyterLab's contextual help, as the kernel tells it. */
import type { Cell } from '@jupyterlab/cells';
import type { StageCall } from '../../../common/stagecell/index.js';

interface Commands {
  hasCommand(id: string): boolean;
  execute(id: string, args?: { text: string; refresh: boolean }): Promise<unknown>;
}

/** Milliseconds in which the help panel takes its place: before that it asks nobody. */
const OPENS = 300;

/** Opens the contextual help on the stage's name in the code: the help asks about the place of the cursor. */
export async function openHelp(commands: Commands, cell: Cell, call: StageCall): Promise<void> {
  const { editor } = cell;
  if (!editor || !commands.hasCommand('inspector:open')) return;
  const source = cell.model.sharedModel.getSource();
  const name = source.indexOf(call.stage, call.from);
  const place = name < 0 ? undefined : editor.getPositionAt(name + call.stage.length);
  if (place) editor.setCursorPosition(place);
  await commands.execute('inspector:open');
  await new Promise(resolve => setTimeout(resolve, OPENS));
  // A cursor that is set by a program, and not by a person at the editor, goes unnoticed: the help is told.
  await commands.execute('inspector:open', { text: source, refresh: true });
}
