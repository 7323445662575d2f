/** Lets a person choose a file or a folder in JupyterLab's own dialog, as a path from the notebook's folder. */
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import type { PathKind } from '../../../common/stagecell/index.js';

const TITLES: Readonly<Record<PathKind, string>> = {
  file: 'Choose a file',
  folder: 'Choose a folder',
  either: 'Choose a folder or a file'
};

/** The path as the kernel takes it: from the notebook's folder, which it runs in. */
export function relativePath(notebook: string, chosen: string): string {
  return PathExt.relative(PathExt.dirname(notebook), chosen) || '.';
}

/** The folder to begin in: where the present path leads to, if it lies among the server's files. */
export function startingFolder(notebook: string, now: string, kind: PathKind): string {
  const folder = PathExt.dirname(notebook);
  if (now === '' || now.startsWith('/') || /^[A-Za-z]:|^~/.test(now)) return folder;
  const whole = PathExt.resolve('/', folder, kind === 'folder' ? now : PathExt.dirname(now)).slice(1);
  return whole;
}

/** @returns undefined when nothing was chosen */
export async function choosePath(
  manager: IDocumentManager,
  notebook: string,
  kind: PathKind,
  now: string
): Promise<string | undefined> {
  const options = {
    manager,
    title: TITLES[kind],
    label: `From the notebook’s folder. What is chosen is written into the code.`
  };
  const open = async (defaultPath: string): ReturnType<typeof FileDialog.getOpenFiles> =>
    kind === 'folder'
      ? await FileDialog.getExistingDirectory({ ...options, defaultPath })
      : await FileDialog.getOpenFiles({ ...options, defaultPath });
  const start = startingFolder(notebook, now, kind);
  // A folder that is not there would leave the dialog empty.
  const there = await manager.services.contents
    .get(start, { content: false })
    .then(model => model.type === 'directory')
    .catch(() => false);
  const { button, value } = await open(there ? start : PathExt.dirname(notebook));
  const chosen = button.accept ? value?.[0] : undefined;
  return chosen && relativePath(notebook, chosen.path);
}
