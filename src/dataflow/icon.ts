/** The picture of the graph, for its tab and its button. */
import { LabIcon } from '@jupyterlab/ui-components';

export const dataflowIcon = new LabIcon({
  name: 'hysim:dataflow',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="none" stroke="#616161" stroke-width="1.4" stroke-linejoin="round"><path d="M2.5 2.5h4v3.5h-4zM9.5 6.200h4v3.5h-4zM2.5 10h4v3.5h-4z"/><path d="M6.5 4.200H8c1 0 .5 3.700 1.5 3.700M6.5 11.800H8c1 0 .5-3.700 1.5-3.700" stroke-linecap="round"/></g></svg>'
});
