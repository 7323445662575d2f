/**
 * The part of CanvasRenderingContext2D that our pictures use, so that one drawing serves the browser and the
 * kernel. It is a description, not an implementation: both sides bring their own canvas.
 */

export interface Canvas2D {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineJoin: 'bevel' | 'miter' | 'round';
  lineCap: 'butt' | 'round' | 'square';
  globalAlpha: number;
  font: string;
  textAlign: 'center' | 'end' | 'left' | 'right' | 'start';
  textBaseline: 'alphabetic' | 'bottom' | 'hanging' | 'ideographic' | 'middle' | 'top';
  save(): void;
  restore(): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  translate(x: number, y: number): void;
  rotate(angle: number): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  clip(): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  setLineDash(segments: number[]): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { width: number };
  /** Device pixels, for clouds too large for paths; a canvas without them gets paths. */
  createImageData?(width: number, height: number): Pixels;
  putImageData?(pixels: Pixels, x: number, y: number): void;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const rulers = new WeakMap<Canvas2D, Canvas2D>();

/** A canvas that measures text as `ctx` does and draws nothing: layout runs on it to learn a height. */
export function measuringCanvas(ctx: Canvas2D): Canvas2D {
  let ruler = rulers.get(ctx);
  if (!ruler) rulers.set(ctx, (ruler = rulerOf(ctx)));
  return ruler;
}

function rulerOf(ctx: Canvas2D): Canvas2D {
  const nothing = (): void => undefined;
  return {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    lineJoin: 'miter',
    lineCap: 'butt',
    globalAlpha: 1,
    textAlign: 'left',
    textBaseline: 'alphabetic',
    get font() {
      return ctx.font;
    },
    set font(font: string) {
      ctx.font = font;
    },
    measureText: text => ctx.measureText(text),
    save: nothing,
    restore: nothing,
    setTransform: nothing,
    translate: nothing,
    rotate: nothing,
    beginPath: nothing,
    closePath: nothing,
    moveTo: nothing,
    lineTo: nothing,
    arc: nothing,
    rect: nothing,
    bezierCurveTo: nothing,
    clip: nothing,
    fill: nothing,
    stroke: nothing,
    fillRect: nothing,
    strokeRect: nothing,
    setLineDash: nothing,
    fillText: nothing
  };
}
