/** Our logo as an icon of JupyterLab: style/logo.svg, as text. */
import { LabIcon } from '@jupyterlab/ui-components';

export const logo = new LabIcon({
  name: 'hysim:logo',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img" aria-label="HySim Lab"><rect width="64" height="64" rx="12" fill="#0b2c47"/><path d="M6 42c9 0 11-22 21-22s11 22 31 22" fill="none" stroke="#56b4e9" stroke-width="4.5" stroke-linecap="round"/><path d="M6 48c17 0 19-32 31-32s12 28 21 28" fill="none" stroke="#f08a3c" stroke-width="4.5" stroke-linecap="round" stroke-dasharray="0.5 7.5"/><circle cx="32.5" cy="23.5" r="5.5" fill="#2fc79b" stroke="#0b2c47" stroke-width="2.5"/></svg>'
});
