/** A view payload as a PNG, for notebooks read where no extension of ours runs. Light theme, twice the density. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import {
  drawView,
  LIGHT,
  measureView,
  type Choices,
  type Theme,
  type ViewPayload
} from '../../common/views/index.js';
import { FAMILY, registerFonts } from './fonts.js';

/** CSS pixels. */
export const PNG_WIDTH = 960;
/** Device pixels a CSS pixel. */
export const PNG_SCALE = 2;

export interface PngOptions {
  /** CSS pixels. */
  width?: number;
  theme?: Theme;
  /** What a person has chosen; a saved picture shows nothing chosen. */
  choices?: Choices;
}

let ruler: SKRSContext2D | undefined;

/** The picture as PNG bytes, 2 x `width` pixels wide. @param payload As `parsePayload` returned it. */
export function renderPng(payload: ViewPayload, options: PngOptions = {}): Uint8Array {
  registerFonts();
  const { width = PNG_WIDTH, choices } = options;
  const theme = { ...(options.theme ?? LIGHT), font: `"${FAMILY}"` };
  ruler ??= createCanvas(1, 1).getContext('2d');
  const height = measureView(ruler, payload, { ...choices, width, theme });
  const canvas = createCanvas(width * PNG_SCALE, Math.ceil(height * PNG_SCALE));
  drawView(canvas.getContext('2d'), payload, { ...choices, width, height, theme, pixelRatio: PNG_SCALE });
  return canvas.toBuffer('image/png');
}
