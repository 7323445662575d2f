/** The pictures' theme as JupyterLab's own theme wants it: its ground, text, borders and font; our colours. */
import { themeFor, type Theme } from '../../common/views/index.js';

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
  return themeFor({
    dark: body.dataset['jpThemeLight'] === 'false',
    strong:
      /high contrast/i.test(body.dataset['jpThemeName'] ?? '') ||
      matchMedia('(prefers-contrast: more)').matches
  });
}

/** Whose text and borders are as strong as they get: the page's own would only weaken them. */
function strong(theme: Theme): boolean {
  return theme.name.startsWith('high-contrast');
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
    text: strong(theme) ? theme.text : read('--jp-ui-font-color1', theme.text),
    border: strong(theme) ? theme.border : read('--jp-border-color2', theme.border)
  };
}
