/** What moves over a picture while a gesture is under way: the lasso or box, and what letting go would do. */
import type { Point } from './geometry.js';

export class Overlay {
  readonly node = document.createElement('canvas');
  private readonly words = document.createElement('div');
  private ratio = 1;

  constructor(host: HTMLElement) {
    this.node.className = 'hs-View-overlay';
    this.node.setAttribute('aria-hidden', 'true');
    this.words.className = 'hs-View-hint';
    this.words.setAttribute('aria-hidden', 'true');
    this.words.hidden = true;
    host.append(this.node, this.words);
  }

  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    this.node.width = Math.round(width * ratio);
    this.node.height = Math.round(height * ratio);
    this.node.style.width = `${width}px`;
    this.node.style.height = `${height}px`;
  }

  /** Draws a closed line through the points, and the words at the lower left of `box`. */
  outline(
    points: readonly Point[],
    colour: string,
    box: { x: number; y: number; h: number },
    lines: readonly string[]
  ): void {
    const ctx = this.clear();
    if (ctx && points.length > 1) {
      ctx.beginPath();
      points.forEach((p, i) => (i === 0 ? ctx.moveTo(p.x, p.y) : ctx.lineTo(p.x, p.y)));
      ctx.closePath();
      ctx.globalAlpha = 0.1;
      ctx.fillStyle = colour;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1.5;
      ctx.stroke();
    }
    this.words.replaceChildren(
      ...lines.map(line => {
        const row = document.createElement('div');
        row.textContent = line;
        return row;
      })
    );
    this.words.style.left = `${box.x + 6}px`;
    this.words.style.top = `${box.y + box.h - 6}px`;
    this.words.hidden = lines.length === 0;
  }

  hide(): void {
    this.clear();
    this.words.hidden = true;
  }

  private clear(): CanvasRenderingContext2D | null {
    const ctx = this.node.getContext('2d');
    ctx?.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx?.clearRect(0, 0, this.node.width, this.node.height);
    return ctx;
  }
}
