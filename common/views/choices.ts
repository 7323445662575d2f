/**
 * What a person has chosen in a picture, and where a drawn picture can be taken hold of. Types alone: the browser
 * turns gestures into choices, drawing turns choices into a picture.
 */
import type { Box } from './pen.js';

export interface Choices {
  /**
   * Parts that are not drawn: 'source', 'target', 'flagged', or a column's category as `column:category`, which counts
   * while that column colours; `column:*` are the categories that share the legend's last line.
   */
  hidden?: ReadonlySet<string>;
  /** Name of the column that colours an embedding. */
  colour?: string;
  /** The part of a scatter's plane that is drawn, in data coordinates; all of it when left out. */
  window?: Window;
  /**
   * Numbers in Data of the selected rows; the others are drawn faint. Nothing is selected when left out. Drawing looks
   * a set up once and remembers: another selection is another set.
   */
  selected?: ReadonlySet<number>;
  /** The range brushed on a panel of a distribution, in data coordinates. */
  brush?: { readonly panel: number; readonly from: number; readonly to: number };
  /** For a block of a certificate, the entry of its Γ grid that is read. */
  gamma?: ReadonlyMap<number, number>;
  /** The arm whose confusion matrix a report shows. */
  arm?: string;
  /** Draws at most so many points, evenly taken: while something moves under the pointer. */
  most?: number;
  /** The row, of those drawn, that is pointed at: it is ringed. */
  pointed?: number;
}

export interface Window {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Between CSS pixels of the picture and what they stand for. */
export interface PlotAxis {
  toPixel(value: number): number;
  toData(pixel: number): number;
  /** What the axis shows, from its low to its high end. */
  readonly domain: readonly [number, number];
}

/** A part of the drawn picture that answers to gestures. */
export type Plot =
  | { readonly kind: 'scatter'; readonly box: Box; readonly x: PlotAxis; readonly y: PlotAxis }
  | { readonly kind: 'tube'; readonly box: Box; readonly x: PlotAxis; readonly y: PlotAxis }
  | { readonly kind: 'histogram'; readonly panel: number; readonly box: Box; readonly x: PlotAxis }
  | { readonly kind: 'gamma'; readonly block: number; readonly box: Box; readonly x: PlotAxis };
