/** The views in JupyterLab: a widget for each output that carries our mime type, and the notebook around it. */
export { setHomes, type ViewHome } from './home.js';
export { NotebookHomes, type Apply } from './notebooks.js';
export { RunningViews } from './running.js';
export { wishes } from './source.js';
export { ViewWidget } from './widget.js';
export { currentTheme, onThemeChange } from './theme.js';
