/** Plugs HySim Lab into JupyterLab. What it plugs in lives in the folders beside it, which know no application. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { JobStatus, NotebookFeeds } from './link/index.js';

const PLUGIN_ID = 'hysim-lab:plugin';

const jobs: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Shows how the jobs of the HySim kernel go.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [IStatusBar, ISettingRegistry],
  activate: async (
    _app: JupyterFrontEnd,
    tracker: INotebookTracker,
    statusBar: IStatusBar | null,
    registry: ISettingRegistry | null
  ): Promise<void> => {
    if (!statusBar) return;
    const settings = await registry?.load(PLUGIN_ID);
    const feeds = new NotebookFeeds(tracker);
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

export default jobs;
