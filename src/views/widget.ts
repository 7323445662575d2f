/**
 * One output with our mime type: the payload, validated, on a canvas, with hover, theme and resize. It is no
 * document: it keeps nothing that is not in the payload but which column colours and which rows are hidden.
 */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import {
  describeView,
  drawView,
  measureView,
  MIME,
  parsePayload,
  type Drawn,
  type ViewPayload
} from '../../common/views/index.js';
import { Controls, type Choice } from './controls.js';
import { linesAt, regionAt } from './hover.js';
import { currentTheme, onThemeChange } from './theme.js';
import { Tooltip } from './tooltip.js';

/** Browsers draw nothing on a canvas longer than this. */
const LONGEST = 16000;
let serial = 0;

export class ViewWidget extends Widget implements IRenderMime.IRenderer {
  private readonly canvas = document.createElement('canvas');
  private readonly stage = document.createElement('div');
  private readonly words = document.createElement('pre');
  private readonly tooltip: Tooltip;
  private readonly resize = new ResizeObserver(() => this.schedule(false));
  private readonly stopTheme: () => void;
  private readonly listeners = new AbortController();
  private payload: ViewPayload | undefined;
  private controls: Controls | undefined;
  private choice: Choice = { colour: '', hidden: new Set() };
  private drawn: Drawn | undefined;
  private frame = 0;
  private width = 0;
  private ratio = 0;

  constructor() {
    super();
    this.addClass('hs-View');
    this.stage.className = 'hs-View-stage';
    this.canvas.className = 'hs-View-canvas';
    this.canvas.setAttribute('role', 'img');
    this.words.className = 'hs-View-words';
    this.words.id = `hs-view-words-${++serial}`;
    this.canvas.setAttribute('aria-describedby', this.words.id);
    this.tooltip = new Tooltip(this.stage);
    this.stage.prepend(this.canvas);
    this.stopTheme = onThemeChange(() => this.schedule(true));
    const { signal } = this.listeners;
    this.canvas.addEventListener('pointermove', event => this.hover(event), { signal });
    this.canvas.addEventListener('pointerleave', () => this.tooltip.hide(), { signal });
    this.canvas.addEventListener('click', event => this.click(event), { signal });
    this.resize.observe(this.node);
  }

  /** Draws the model's payload, or says why it cannot be drawn. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const parsed = parsePayload(model.data[MIME]);
    this.tooltip.hide();
    if ('reason' in parsed) {
      this.payload = undefined;
      this.drawn = undefined;
      this.node.replaceChildren(complaint(parsed.reason));
      return;
    }
    const { payload } = parsed;
    this.payload = payload;
    this.controls = undefined;
    if (payload.kind === 'embedding') {
      // A live view that is sent again keeps what the person chose.
      const known = payload.columns.some(column => column.name === this.choice.colour);
      this.choice = { colour: known ? this.choice.colour : payload.colour, hidden: this.choice.hidden };
      this.controls = new Controls(payload, this.choice, () => this.schedule(true));
    }
    this.canvas.setAttribute(
      'aria-label',
      payload.subtitle ? `${payload.title}, ${payload.subtitle}` : payload.title
    );
    this.words.textContent = describeView(payload);
    this.node.dataset['hsKind'] = payload.kind;
    this.node.replaceChildren(...(this.controls ? [this.controls.node] : []), this.stage, this.words);
    this.draw(true);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    cancelAnimationFrame(this.frame);
    this.resize.disconnect();
    this.stopTheme();
    this.listeners.abort();
    this.payload = undefined;
    this.drawn = undefined;
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.schedule(false);
  }

  /** Redraws before the next paint; several reasons make one drawing. */
  private schedule(force: boolean): void {
    if (force) this.width = 0;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw(false));
  }

  private draw(force: boolean): void {
    const payload = this.payload;
    const width = Math.floor(this.node.clientWidth);
    // Hidden or not attached: the resize observer calls again when there is room.
    if (!payload || width === 0) return;
    if (!force && width === this.width && devicePixelRatio === this.ratio) return;
    const ctx = this.canvas.getContext('2d');
    if (!ctx) {
      this.node.replaceChildren(complaint('this browser gives no 2D canvas'));
      return;
    }
    const options = { width, theme: currentTheme(this.node), ...this.choice };
    const height = measureView(ctx, payload, options);
    const ratio = Math.min(devicePixelRatio, LONGEST / height, LONGEST / width);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    this.drawn = drawView(ctx, payload, { ...options, pixelRatio: ratio });
    this.canvas.style.width = `${this.drawn.width}px`;
    this.width = width;
    this.ratio = devicePixelRatio;
  }

  private hover(event: PointerEvent): void {
    if (!this.drawn) return;
    const lines = linesAt(this.drawn, event.offsetX, event.offsetY);
    const toggles = regionAt(this.drawn, event.offsetX, event.offsetY)?.toggle !== undefined;
    this.canvas.style.cursor = toggles ? 'pointer' : '';
    if (lines.length === 0) this.tooltip.hide();
    else this.tooltip.show(lines, event.offsetX, event.offsetY);
  }

  private click(event: MouseEvent): void {
    const toggle = this.drawn && regionAt(this.drawn, event.offsetX, event.offsetY)?.toggle;
    if (!toggle || !this.controls) return;
    this.controls.toggle(toggle);
    this.tooltip.hide();
    this.schedule(true);
  }
}

function complaint(reason: string): HTMLElement {
  const node = document.createElement('div');
  node.className = 'hs-View-error';
  node.setAttribute('role', 'alert');
  const head = document.createElement('strong');
  head.textContent = 'This view cannot be drawn.';
  const words = document.createElement('span');
  words.textContent = ` ${reason.slice(0, 500)}. Run the cell again to make a new one.`;
  node.append(head, words);
  return node;
}
