/** Plugs HySim Lab into JupyterLab. What it plugs in lives in the folders beside it, which know no application. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { NEXT_FAULT, underlineFaults } from './diagnostics/index.js';
import { addDataflowCommands, addGraphCommands, Dataflows, IDataflows } from './dataflow/index.js';
import { INotebookFeeds, JobStatus, NotebookFeeds } from './link/index.js';
import { PerNotebook } from './notebooks/index.js';
import {
  addStageCommands,
  applyFrom,
  choosePath,
  NotebookHeaders,
  openHelp,
  type HeaderTools
} from './stagecell/index.js';
import { NotebookHomes, wishes } from './views/index.js';

const PLUGIN_ID = 'hysim-lab:plugin';
const VIEWS_ID = 'hysim-lab:views';
const STAGES_ID = 'hysim-lab:stages';
const DATAFLOW_ID = 'hysim-lab:dataflow';

const feeds: JupyterFrontEndPlugin<NotebookFeeds> = {
  id: 'hysim-lab:feeds',
  description: 'Follows the jobs of HySim kernels.',
  autoStart: true,
  requires: [INotebookTracker],
  provides: INotebookFeeds,
  activate: (_app: JupyterFrontEnd, tracker: INotebookTracker): NotebookFeeds => new NotebookFeeds(tracker)
};

const jobs: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Shows how the jobs of the HySim kernel go.',
  autoStart: true,
  requires: [INotebookFeeds],
  optional: [IStatusBar, ISettingRegistry],
  activate: async (
    _app: JupyterFrontEnd,
    feeds: NotebookFeeds,
    statusBar: IStatusBar | null,
    registry: ISettingRegistry | null
  ): Promise<void> => {
    if (!statusBar) return;
    const settings = await registry?.load(PLUGIN_ID);
    const status = new JobStatus();
    const follow = (): void => {
      const wanted = settings === undefined || settings.get('showProgress').composite !== false;
      status.feed = wanted ? feeds.current : undefined;
    };
    feeds.changed.connect(follow);
    settings?.changed.connect(follow);
    follow();
    statusBar.registerStatusItem(PLUGIN_ID, {
      item: status,
      align: 'left',
      rank: 3,
      isActive: () => status.active,
      activeStateChanged: status.activeChanged
    });
  }
};

const dataflow: JupyterFrontEndPlugin<IDataflows> = {
  id: DATAFLOW_ID,
  description: 'Knows which cells hang on which and what is stale, and runs it.',
  autoStart: true,
  requires: [INotebookTracker, INotebookFeeds],
  optional: [ICommandPalette, ISettingRegistry],
  provides: IDataflows,
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    feeds: NotebookFeeds,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null
  ): IDataflows => {
    const dataflows = new Dataflows(tracker, feeds);
    addDataflowCommands({ commands: app.commands, dataflows, palette });
    void registry?.load(DATAFLOW_ID).then(settings => {
      const follow = (): void => {
        dataflows.cheap = Number(settings.get('cheap').composite);
      };
      settings.changed.connect(follow);
      follow();
    });
    void registry?.load(STAGES_ID).then(settings => {
      dataflows.wanted = stage => (stage === 'embed' ? { encoder: settings.get('encoder').composite } : {});
    });
    return dataflows;
  }
};

const stages: JupyterFrontEndPlugin<void> = {
  id: STAGES_ID,
  description: 'Headers above stage cells, and the commands that insert them.',
  autoStart: true,
  requires: [INotebookTracker, INotebookFeeds, IDataflows],
  optional: [ICommandPalette, ILauncher, ISettingRegistry, IDocumentManager],
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    feeds: NotebookFeeds,
    dataflows: IDataflows,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    registry: ISettingRegistry | null,
    documents: IDocumentManager | null
  ): Promise<void> => {
    const { commands, serviceManager } = app;
    // The commands do not wait for the settings.
    const loaded: { settings?: ISettingRegistry.ISettings } = {};
    const wanted = (stage: string): Record<string, unknown> =>
      stage === 'embed' ? { encoder: loaded.settings?.get('encoder').composite } : {};
    let headers: PerNotebook<NotebookHeaders> | undefined;
    const { contents } = serviceManager;
    const headersOf = (panel: NotebookPanel): NotebookHeaders | undefined => headers?.of(panel);
    addStageCommands({ commands, tracker, palette, launcher, contents, wanted, headersOf });
    const settings = await registry?.load(STAGES_ID);
    loaded.settings = settings;
    const tools: HeaderTools = {
      finish: (panel, job) => void feeds.linkOf(panel)?.ask({ op: 'finish', job }),
      help: (cell, call) => void openHelp(commands, cell, call),
      ...(documents
        ? { browse: (panel, kind, now) => choosePath(documents, panel.context.path, kind, now) }
        : {})
    };
    const add = (panel: NotebookPanel): NotebookHeaders => new NotebookHeaders(dataflows.of(panel)!, tools);
    const follow = (): void => {
      const wanted = settings === undefined || settings.get('showHeaders').composite !== false;
      if (!wanted) headers?.dispose();
      headers = wanted ? (headers ?? new PerNotebook(tracker, add)) : undefined;
    };
    settings?.changed.connect(follow);
    follow();
  }
};

const faults: JupyterFrontEndPlugin<void> = {
  id: 'hysim-lab:faults',
  description: 'Underlines what the TypeScript compiler says of a cell.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, palette: ICommandPalette | null): void => {
    const next = underlineFaults(tracker);
    app.commands.addCommand(NEXT_FAULT, {
      label: 'Go to the next TypeScript error',
      isVisible: () => tracker.currentWidget !== null,
      execute: next
    });
    palette?.addItem({ command: NEXT_FAULT, category: 'HySim' });
  }
};

const views: JupyterFrontEndPlugin<void> = {
  id: VIEWS_ID,
  description: 'Joins the views of a notebook to its kernel, to each other and to the code of its cells.',
  autoStart: true,
  requires: [INotebookTracker, INotebookFeeds],
  optional: [ISettingRegistry],
  activate: async (
    _app: JupyterFrontEnd,
    tracker: INotebookTracker,
    feeds: NotebookFeeds,
    registry: ISettingRegistry | null
  ): Promise<void> => {
    new NotebookHomes(tracker, feeds, applyFrom);
    const settings = await registry?.load(VIEWS_ID);
    const follow = (): void => {
      wishes.whole = settings?.get('liveViews').composite !== false;
      wishes.rows = Number(settings?.get('liveRows').composite ?? wishes.rows);
    };
    settings?.changed.connect(follow);
    follow();
  }
};

const graph: JupyterFrontEndPlugin<void> = {
  id: 'hysim-lab:graph',
  description: 'Shows a notebook’s cells as a graph beside it.',
  autoStart: true,
  requires: [IDataflows],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (
    { commands, shell }: JupyterFrontEnd,
    flows: IDataflows,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    addGraphCommands({
      commands,
      flows,
      palette,
      restorer,
      show: (widget, beside) =>
        void shell.add(widget, 'main', beside === undefined ? {} : { mode: 'split-right', ref: beside }),
      activate: id => shell.activateById(id)
    });
  }
};

export default [feeds, jobs, dataflow, stages, faults, views, graph];
