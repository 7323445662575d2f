/** The pictures' theme as JupyterLab's own theme wants it: its ground, text, borders and font; our colours. */
import { DARK, HIGH_CONTRAST, LIGHT, type Theme } from '../../common/views/index.js';

/** Calls `changed` when JupyterLab's theme changes; returns what stops it. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['data-jp-theme-light', 'data-jp-theme-name']
  });
  return () => observer.disconnect();
}

function base(body: HTMLElement): Theme {
  const dark = body.dataset['jpThemeLight'] === 'false';
  const strong =
    /high contrast/i.test(body.dataset['jpThemeName'] ?? '') ||
    matchMedia('(prefers-contrast: more)').matches;
  if (!dark) return strong ? HIGH_CONTRAST : LIGHT;
  return strong ? { ...DARK, text: '#ffffff', dim: '#dddddd', border: '#9a9a9a', faint: '#6a6a6a' } : DARK;
}

/** @param node An element of the page: its computed style holds JupyterLab's variables. */
export function currentTheme(node: HTMLElement): Theme {
  const theme = base(document.body);
  const style = getComputedStyle(node);
  const read = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  return {
    ...theme,
    font: read('--jp-ui-font-family', theme.font),
    ground: read('--jp-layout-color1', theme.ground),
    text: theme.name === 'high-contrast' ? theme.text : read('--jp-ui-font-color1', theme.text),
    border: read('--jp-border-color2', theme.border)
  };
}
