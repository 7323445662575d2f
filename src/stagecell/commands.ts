/** The stages as commands, palette entries, a menu and a launcher card. Takes JupyterLab's registries; seeks none. */
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ILauncher } from '@jupyterlab/launcher';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { addIcon } from '@jupyterlab/ui-components';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Menu } from '@lumino/widgets';
import { missingInputs, STAGES, type Refusal, type StageData } from '../../common/stagecell/index.js';
import { isOurs } from '../notebooks/index.js';
import { applyParameters } from './apply.js';
import { analysisNotebook, codeAbove, insertStage } from './insert.js';
import { logo } from './logo.js';
import type { NotebookHeaders } from './notebook.js';

const CATEGORY = 'HySim';

/** Name of the toolbar's item in schema/stages.json. */
const TOOLBAR_ITEM = 'hysim-stage';

export const CommandIDs = {
  insert: (stage: string): string => `hysim:insert-${stage}`,
  stageMenu: 'hysim:stage-menu',
  setParameters: 'hysim:set-parameters',
  newAnalysis: 'hysim:new-analysis',
  openForm: 'hysim:open-form'
} as const;

export interface CommandHosts {
  commands: Menu.IOptions['commands'];
  tracker: INotebookTracker;
  contents: Contents.IManager;
  palette?: ICommandPalette | null;
  launcher?: ILauncher | null;
  /** Parameters that a person wants in new cells of a stage, e.g. from the settings. */
  wanted?(stage: string): Readonly<Record<string, unknown>>;
  /** The headers of a notebook, while they are shown. */
  headersOf?(panel: NotebookPanel): Pick<NotebookHeaders, 'hasForm' | 'openForm'> | undefined;
}

function current(tracker: INotebookTracker): NotebookPanel | undefined {
  const panel = tracker.currentWidget;
  return panel?.model && isOurs(panel) ? panel : undefined;
}

/** Why a stage cannot be inserted here; empty when it can. */
export function obstacle(panel: NotebookPanel, stage: StageData): string {
  const missing = missingInputs(stage, codeAbove(panel));
  if (missing.length === 0) return '';
  const needs = missing.map(({ port, makers }) =>
    makers.length > 0 ? `${port} (from ${makers.join(' or ')})` : port
  );
  return `needs ${needs.join(', ')} above`;
}

function addInsert({ commands, tracker, wanted }: CommandHosts, stage: StageData): IDisposable {
  const why = (): string => {
    const panel = current(tracker);
    return panel ? obstacle(panel, stage) : 'needs a notebook with the HySim kernel';
  };
  return commands.addCommand(CommandIDs.insert(stage.name), {
    label: args => {
      const name = args['menu'] === true ? stage.title : `Insert stage: ${stage.title}`;
      const reason = why();
      return reason && current(tracker) ? `${name}: ${reason}` : name;
    },
    caption: () => why() || stage.description,
    isEnabled: () => why() === '',
    isVisible: () => current(tracker) !== undefined,
    execute: async () => {
      const panel = current(tracker);
      if (panel && obstacle(panel, stage) === '') await insertStage(panel, stage, wanted?.(stage.name));
    }
  });
}

/** Opens the menu under the toolbar's button, or at the notebook's top where the button is out of sight. */
function openMenu(hosts: CommandHosts, panel: NotebookPanel): void {
  const menu = new Menu({ commands: hosts.commands });
  menu.addClass('hs-StageMenu');
  const free = STAGES.filter(stage => obstacle(panel, stage) === '');
  const others = STAGES.filter(stage => !free.includes(stage));
  const add = (stage: StageData): void => {
    menu.addItem({ command: CommandIDs.insert(stage.name), args: { menu: true } });
  };
  free.forEach(add);
  if (others.length > 0) menu.addItem({ type: 'separator' });
  others.forEach(add);
  // The command of the chosen item runs after the menu has begun to close.
  menu.aboutToClose.connect(() => void setTimeout(() => menu.dispose(), 0));
  const button = panel.toolbar.node.querySelector(`[data-jp-item-name="${TOOLBAR_ITEM}"]`);
  const box = (button ?? panel.toolbar.node).getBoundingClientRect();
  menu.open(box.left, box.bottom);
}

/**
 * Lets whoever knows commands, a key binding for instance, set parameters of the call behind the active cell: args
 * `{ stage, parameters, reset }`, where `reset` names those that go back to their default. Not in the palette.
 */
function addSetParameters({ commands, tracker }: CommandHosts): IDisposable {
  return commands.addCommand(CommandIDs.setParameters, {
    label: 'Set parameters of a stage',
    isEnabled: () => current(tracker)?.content.activeCell != null,
    execute: ({ stage, parameters, reset }): { applied: true } | Refusal => {
      const panel = current(tracker);
      const cell = panel?.content.activeCell;
      if (!panel || !cell || typeof stage !== 'string') return { reason: 'needs a stage and an active cell' };
      const gone = Array.isArray(reset) ? reset.map(name => [String(name), undefined] as const) : [];
      const given = Object.entries((parameters as Record<string, unknown> | null | undefined) ?? {});
      const done = applyParameters(panel, cell, stage, Object.fromEntries([...given, ...gone]));
      // Plain data: what a command returns may be sent on.
      return 'reason' in done ? done : { applied: true };
    }
  });
}

/** The form of the active cell's stage: opens it, goes to it, and from within it closes it. */
function addOpenForm({ commands, tracker, headersOf }: CommandHosts): IDisposable {
  const target = (): (() => void) | undefined => {
    const panel = current(tracker);
    const cell = panel?.content.activeCell;
    const headers = panel && headersOf?.(panel);
    return cell && headers?.hasForm(cell) ? () => headers.openForm(cell) : undefined;
  };
  return commands.addCommand(CommandIDs.openForm, {
    label: 'Form of the stage',
    caption: 'The parameters of the active cell’s stage as a form',
    isEnabled: () => target() !== undefined,
    isVisible: () => current(tracker) !== undefined,
    execute: () => target()?.()
  });
}

/** Adds everything; disposing of the result takes it all away. */
export function addStageCommands(hosts: CommandHosts): IDisposable {
  const { commands, tracker, palette, launcher, contents } = hosts;
  const all = new DisposableSet();
  for (const stage of STAGES) {
    all.add(addInsert(hosts, stage));
    if (palette) all.add(palette.addItem({ command: CommandIDs.insert(stage.name), category: CATEGORY }));
  }
  all.add(
    commands.addCommand(CommandIDs.stageMenu, {
      label: 'Stage',
      caption: 'Insert a stage below the active cell',
      icon: addIcon,
      isVisible: () => current(tracker) !== undefined,
      execute: () => {
        const panel = current(tracker);
        if (panel) openMenu(hosts, panel);
      }
    })
  );
  all.add(
    commands.addCommand(CommandIDs.newAnalysis, {
      label: args => (args['isPalette'] === true ? 'New HySim analysis' : 'HySim analysis'),
      caption: 'A notebook that loads, samples and splits the sample tables',
      icon: logo,
      execute: async args => {
        const path = typeof args['cwd'] === 'string' ? args['cwd'] : '';
        const file = await contents.newUntitled({ path, type: 'notebook' });
        await contents.save(file.path, { type: 'notebook', format: 'json', content: analysisNotebook() });
        await commands.execute('docmanager:open', { path: file.path, factory: 'Notebook' });
      }
    })
  );
  all.add(addSetParameters(hosts));
  all.add(addOpenForm(hosts));
  if (palette) {
    all.add(
      palette.addItem({ command: CommandIDs.newAnalysis, category: CATEGORY, args: { isPalette: true } })
    );
    all.add(palette.addItem({ command: CommandIDs.stageMenu, category: CATEGORY }));
    all.add(palette.addItem({ command: CommandIDs.openForm, category: CATEGORY }));
  }
  if (launcher) all.add(launcher.add({ command: CommandIDs.newAnalysis, category: CATEGORY, rank: 0 }));
  const tell = (): void => {
    commands.notifyCommandChanged();
    // The toolbar's button listens for its own name alone.
    commands.notifyCommandChanged(CommandIDs.stageMenu);
  };
  tracker.currentChanged.connect(tell);
  tracker.activeCellChanged.connect(tell);
  const follow = (_: unknown, panel: NotebookPanel): void => {
    panel.sessionContext.kernelChanged.connect(tell);
    void panel.context.ready.then(tell);
  };
  tracker.widgetAdded.connect(follow);
  tracker.forEach(panel => follow(undefined, panel));
  return all;
}
