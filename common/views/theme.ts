/**
 * Colours and type of the pictures: light and dark, each also in high contrast. Series colours are Okabe and Ito's, which
 * stay apart for colour-blind readers, two of them darker on white, where they would be too faint to see (marks have a
 * contrast of at least 3); words in a series colour use its `ink` variant (at least 4.5).
 * The browser may replace ground, text, border and font by JupyterLab's own; the rest stays.
 */
import type { Label } from '../labels.js';

/** How a label's chip looks: the stronger the claim, the more solid. */
export interface ChipStyle {
  fill: string | null;
  line: string | null;
  dash: number[];
  ink: string;
}

export interface Theme {
  name: 'light' | 'dark' | 'high-contrast' | 'high-contrast-dark';
  font: string;
  ground: string;
  panel: string;
  text: string;
  dim: string;
  border: string;
  faint: string;
  grid: string;
  axis: string;
  source: string;
  sourceInk: string;
  sourceArea: string;
  target: string;
  targetInk: string;
  targetArea: string;
  flag: string;
  ratio: string;
  ratioInk: string;
  third: string;
  track: string;
  good: string;
  bad: string;
  /** For more series than source and target: arms, terms, categories. */
  series: string[];
  /** The same colours, dark (or light) enough to write with. */
  inks: string[];
  /** Colours of the terms of a bound, in order. */
  terms: string[];
  /** Colours of the most frequent categories, the most frequent first. */
  categories: string[];
  /** What a person has taken hold of: a brush, a knob. */
  accent: string;
  /** Part of viridis that is used; what fades into the ground even so is made darker, or lighter (scale.ts). */
  viridis: [number, number];
  chips: Record<Label, ChipStyle>;
}

const FONT = 'Inter, system-ui, sans-serif';

export const LIGHT: Theme = {
  name: 'light',
  font: FONT,
  ground: '#ffffff',
  panel: '#fafafa',
  text: '#212121',
  dim: '#616161',
  border: '#e0e0e0',
  faint: '#eeeeee',
  grid: '#eceff1',
  axis: '#8a9096',
  source: '#0072b2',
  sourceInk: '#0069a5',
  sourceArea: 'rgba(0,114,178,0.16)',
  target: '#d55e00',
  targetInk: '#b04c00',
  targetArea: 'rgba(213,94,0,0.16)',
  flag: '#1f1f1f',
  ratio: '#009e73',
  ratioInk: '#00795a',
  third: '#cc79a7',
  track: '#dcdfe3',
  good: '#00795a',
  bad: '#c62828',
  series: ['#5f6a72', '#0072b2', '#009e73', '#cc79a7', '#d55e00', '#c48700', '#3a9bd6', '#8c6bb1'],
  inks: ['#5f6a72', '#0069a5', '#00795a', '#a2487b', '#b04c00', '#8a5f00', '#1b77ab', '#6d4c99'],
  terms: ['#0072b2', '#4a97c4', '#cc79a7', '#c48700', '#009e73', '#8c6bb1'],
  categories: ['#0072b2', '#c48700', '#009e73', '#cc79a7', '#d55e00', '#3a9bd6', '#8c6bb1'],
  accent: '#1976d2',
  viridis: [0, 0.88],
  chips: {
    CERTIFIED: { fill: '#00694e', line: null, dash: [], ink: '#ffffff' },
    CONDITIONAL: { fill: '#e3effb', line: '#0d47a1', dash: [], ink: '#0d47a1' },
    'LOWER-BOUND': { fill: '#f3ecfa', line: '#5a3d7a', dash: [], ink: '#5a3d7a' },
    ESTIMATED: { fill: null, line: '#a97e1d', dash: [3, 2], ink: '#5f4300' },
    ORACLE: { fill: null, line: '#616161', dash: [1, 2], ink: '#424242' },
    VACUOUS: { fill: null, line: '#212121', dash: [], ink: '#212121' }
  }
};

export const DARK: Theme = {
  name: 'dark',
  font: FONT,
  ground: '#212121',
  panel: '#1b1b1b',
  text: '#e0e0e0',
  dim: '#a6a6a6',
  border: '#3d3d3d',
  faint: '#303030',
  grid: '#2e2e2e',
  axis: '#8b8f93',
  source: '#56b4e9',
  sourceInk: '#56b4e9',
  sourceArea: 'rgba(86,180,233,0.20)',
  target: '#f08a3c',
  targetInk: '#f08a3c',
  targetArea: 'rgba(240,138,60,0.20)',
  flag: '#ffffff',
  ratio: '#2fc79b',
  ratioInk: '#2fc79b',
  third: '#e3a3c6',
  track: '#4a4a4a',
  good: '#3fcf9f',
  bad: '#ef9a9a',
  series: ['#b0bec5', '#56b4e9', '#2fc79b', '#e3a3c6', '#f08a3c', '#f0c14b', '#9fd3f2', '#c3a6e0'],
  inks: ['#b0bec5', '#56b4e9', '#2fc79b', '#e3a3c6', '#f08a3c', '#f0c14b', '#9fd3f2', '#c3a6e0'],
  terms: ['#56b4e9', '#3f86b3', '#e3a3c6', '#f0c14b', '#2fc79b', '#c3a6e0'],
  categories: ['#56b4e9', '#f0c14b', '#2fc79b', '#e3a3c6', '#f08a3c', '#9fd3f2', '#c3a6e0'],
  accent: '#64b5f6',
  viridis: [0.22, 1],
  chips: {
    CERTIFIED: { fill: '#3fcf9f', line: null, dash: [], ink: '#06251b' },
    CONDITIONAL: { fill: '#173350', line: '#a9d2f8', dash: [], ink: '#a9d2f8' },
    'LOWER-BOUND': { fill: '#35274a', line: '#d7bdf0', dash: [], ink: '#d7bdf0' },
    ESTIMATED: { fill: null, line: '#b98f38', dash: [3, 2], ink: '#f0cf86' },
    ORACLE: { fill: null, line: '#a6a6a6', dash: [1, 2], ink: '#d0d0d0' },
    VACUOUS: { fill: null, line: '#e0e0e0', dash: [], ink: '#e0e0e0' }
  }
};

const BLACK = '#000000';

export const HIGH_CONTRAST: Theme = {
  ...LIGHT,
  name: 'high-contrast',
  panel: '#ffffff',
  text: BLACK,
  dim: '#303030',
  border: '#5c5c5c',
  faint: '#8a8a8a',
  grid: '#d0d0d0',
  axis: '#303030',
  source: '#00558a',
  sourceInk: '#00558a',
  target: '#a84300',
  targetInk: '#933b00',
  flag: BLACK,
  ratio: '#006b4d',
  ratioInk: '#006b4d',
  track: '#8a8a8a',
  series: LIGHT.inks,
  terms: ['#00558a', '#4a87ad', '#a2487b', '#8a5f00', '#006b4d', '#6d4c99'],
  categories: ['#00558a', '#8a5f00', '#006b4d', '#a2487b', '#a84300', '#1b77ab', '#6d4c99'],
  accent: '#0d47a1',
  viridis: [0, 0.8],
  chips: {
    ...LIGHT.chips,
    ESTIMATED: { fill: null, line: '#5f4300', dash: [3, 2], ink: '#3d2b00' },
    ORACLE: { fill: null, line: BLACK, dash: [1, 2], ink: BLACK },
    VACUOUS: { fill: null, line: BLACK, dash: [], ink: BLACK }
  }
};

const WHITE = '#ffffff';

/** For JupyterLab's dark theme of high contrast, whose ground is nearly black. */
export const HIGH_CONTRAST_DARK: Theme = {
  ...DARK,
  name: 'high-contrast-dark',
  ground: '#111111',
  panel: '#111111',
  text: WHITE,
  dim: '#dddddd',
  border: '#b0b0b0',
  faint: '#7a7a7a',
  grid: '#3a3a3a',
  axis: '#d0d0d0',
  source: '#7cc8f5',
  sourceInk: '#7cc8f5',
  target: '#ffa25c',
  targetInk: '#ffa25c',
  ratio: '#4fe0b5',
  ratioInk: '#4fe0b5',
  track: '#6a6a6a',
  good: '#5fe8bb',
  bad: '#ffb0b0',
  accent: '#90caf9',
  viridis: [0.2, 1],
  chips: {
    ...DARK.chips,
    ESTIMATED: { fill: null, line: '#f0cf86', dash: [3, 2], ink: '#ffe2a0' },
    ORACLE: { fill: null, line: WHITE, dash: [1, 2], ink: WHITE },
    VACUOUS: { fill: null, line: WHITE, dash: [], ink: WHITE }
  }
};

export const THEMES: Record<Theme['name'], Theme> = {
  light: LIGHT,
  dark: DARK,
  'high-contrast': HIGH_CONTRAST,
  'high-contrast-dark': HIGH_CONTRAST_DARK
};

/** The theme for a ground that is dark or not, and for a person who wants strong contrast or not. */
export function themeFor({ dark, strong }: { dark: boolean; strong: boolean }): Theme {
  if (strong) return dark ? HIGH_CONTRAST_DARK : HIGH_CONTRAST;
  return dark ? DARK : LIGHT;
}
