/** Tells JupyterLab that our views are drawn by us, ahead of the PNG saved beside them. Draws nothing itself. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { MIME } from '../common/views/index.js';
import { ViewWidget } from './views/index.js';

const extension: IRenderMime.IExtension = {
  id: 'hysim-lab:view',
  description: 'Draws the views of HySim stages.',
  rendererFactory: {
    // Data is validated and drawn on a canvas, never as markup: safe in a notebook that is not trusted.
    safe: true,
    mimeTypes: [MIME],
    createRenderer: () => new ViewWidget()
  },
  // Lower wins; image/png has 90.
  rank: 1,
  dataType: 'json'
};

export default extension;
