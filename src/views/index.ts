/** The views in JupyterLab: a widget for each output that carries our mime type. */
export { ViewWidget } from './widget.js';
