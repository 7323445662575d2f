/**
 * One output with our mime type: the payload, validated, on a canvas, with what a person can do to it. Alive while a
 * kernel has the value (source.ts), and interactive from what is saved where there is none. It is no document: what is
 * chosen here is kept while the page is open (interaction.ts), the rows selected are the notebook's (selection.ts).
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
import { ownKeys } from '../keys/index.js';
import { Gestures } from './gestures.js';
import { indexOf, isSample, rowsInAll, rowsOf, savedTexts } from './held.js';
import { homeOf, onHomes, type ViewHome } from './home.js';
import { linesAt, pointAt, regionAt } from './hover.js';
import { Interaction, type InteractionHost } from './interaction.js';
import { keyWords, pressKey } from './keys.js';
import { Overlay } from './overlay.js';
import { savePicture } from './save.js';
import { LISTED, RowList } from './rowlist.js';
import type { Selection } from './selection.js';
import { ViewSource, wishes } from './source.js';
import { currentTheme, onThemeChange } from './theme.js';
import { Toolbar } from './toolbar.js';
import { Tooltip } from './tooltip.js';
import { TunePanel } from './tune.js';

/** Browsers draw nothing on a canvas longer than this. */
const LONGEST = 16000;
/** Points drawn while something moves under the pointer. */
const MOVING = 8000;
let serial = 0;

export class ViewWidget extends Widget implements IRenderMime.IRenderer, InteractionHost {
  private readonly canvas = document.createElement('canvas');
  private readonly stage = document.createElement('div');
  private readonly words = document.createElement('pre');
  private readonly overlay: Overlay;
  private readonly tooltip: Tooltip;
  private readonly rowList = new RowList();
  private readonly resize = new ResizeObserver(() => this.redraw(false));
  private readonly listeners = new AbortController();
  private readonly act: Interaction;
  private readonly gestures: Gestures;
  private readonly stops: (() => void)[] = [];
  private toolbar: Toolbar | undefined;
  private tune: TunePanel | undefined;
  private home: ViewHome | undefined;
  private source: ViewSource | undefined;
  private texts: ReturnType<typeof savedTexts> | undefined;
  /** As it was saved, with all rows where the kernel gave them, and with other parameters while these are tried. */
  private saved: ViewPayload | undefined;
  private whole: ViewPayload | undefined;
  private preview: ViewPayload | undefined;
  private live: 'live' | 'saved' | undefined;
  private frame = 0;
  private width = 0;
  private ratio = 0;
  private shown: Drawn | undefined;
  private fetching: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.addClass('hs-View');
    this.stage.className = 'hs-View-stage';
    this.canvas.className = 'hs-View-canvas';
    this.words.className = 'hs-View-words';
    this.words.id = `hs-view-words-${++serial}`;
    this.canvas.setAttribute('aria-describedby', this.words.id);
    this.tooltip = new Tooltip(this.stage);
    this.stage.prepend(this.canvas);
    this.overlay = new Overlay(this.stage);
    this.act = new Interaction(this, this.words.id);
    const { signal } = this.listeners;
    this.gestures = new Gestures(this.canvas, this.overlay, this.act, signal);
    this.canvas.addEventListener('pointermove', event => this.hover(event), { signal });
    this.canvas.addEventListener('pointerleave', () => this.leave(), { signal });
    this.canvas.addEventListener('click', event => this.click(event), { signal });
    ownKeys(this.canvas, event => pressKey(this.act, event));
    this.canvas.addEventListener('blur', () => this.act.point(undefined), { signal });
    this.stops.push(
      onThemeChange(() => this.redraw()),
      onHomes(() => this.settle())
    );
    this.resize.observe(this.node);
    this.follow(this.act.selection);
  }

  // ---- what is drawn

  /** Draws the model's payload, or says why it cannot be drawn. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.showPayload(model.data[MIME]);
  }

  /** As renderModel, for a payload that is no output. */
  showPayload(data: unknown): void {
    const parsed = parsePayload(data);
    this.tooltip.hide();
    this.gestures.cancel();
    if ('reason' in parsed) {
      this.saved = this.whole = this.preview = this.shown = undefined;
      this.node.replaceChildren(complaint(parsed.reason));
      return;
    }
    const before = this.saved;
    this.saved = parsed.payload;
    this.whole = this.preview = this.texts = undefined;
    this.act.renew(before, parsed.payload);
    // A picture that grows is drawn many times: its frame stays as it is.
    if (before?.kind === 'training' && parsed.payload.kind === 'training' && this.toolbar) this.tell();
    else this.arrange();
    this.draw(true);
    void this.revive();
  }

  get payload(): ViewPayload | undefined {
    return this.preview ?? this.whole ?? this.saved;
  }

  get drawn(): Drawn | undefined {
    return this.shown;
  }

  get ink(): string {
    return getComputedStyle(this.node).getPropertyValue('--jp-brand-color1').trim() || '#1976d2';
  }

  /** The parts of the page for this kind of payload. */
  private arrange(): void {
    const { act } = this;
    const payload = this.payload!;
    this.toolbar = new Toolbar(payload, {
      colour: name => act.set({ colour: name }),
      arm: name => act.set({ arm: name }),
      toggle: part => act.toggle(part),
      tool: tool => act.setTool(tool),
      zoom: step => act.zoom(step),
      clear: () => act.clear(),
      undo: () => act.undo(),
      save: () => savePicture(this.canvas, payload.kind)
    });
    this.node.dataset['hsKind'] = payload.kind;
    this.node.replaceChildren(
      this.toolbar.node,
      ...(this.tune ? [this.tune.node] : []),
      this.stage,
      this.rowList.node,
      this.words
    );
    this.tell();
  }

  /** What is said of the picture, for those who do not see it. */
  private tell(): void {
    const payload = this.payload!;
    const label = payload.subtitle ? `${payload.title}, ${payload.subtitle}` : payload.title;
    this.canvas.setAttribute('aria-label', label);
    const keys = this.shown ? keyWords(this.shown) : '';
    this.words.textContent = [describeView(payload), keys].filter(part => part !== '').join('\n');
    // A picture that takes keys is more than an image.
    if (keys === '') {
      this.canvas.setAttribute('role', 'img');
      this.canvas.removeAttribute('tabindex');
    } else {
      this.canvas.setAttribute('role', 'application');
      this.canvas.setAttribute('aria-roledescription', 'interactive picture');
      this.canvas.tabIndex = 0;
    }
  }

  sync(): void {
    const { payload, act } = this;
    if (!payload || !this.toolbar) return;
    const selected = act.selection.of(act.dataId);
    const index = selected ? indexOf(payload) : new Float32Array();
    const here = selected ? index.reduce((sum, row) => sum + (selected.rows.has(row) ? 1 : 0), 0) : 0;
    this.canvas.dataset['hsTool'] = act.tool;
    this.toolbar.sync({
      colour: act.own.colour ?? (payload.kind === 'embedding' ? payload.colour : ''),
      arm: act.own.arm ?? (payload.kind === 'report' ? (payload.confusion?.arm ?? '') : ''),
      hidden: act.own.hidden,
      tool: act.tool,
      selected: here > 0 ? { rows: here, of: index.length, words: `by ${selected!.words}` } : undefined,
      canUndo: act.selection.canUndo && rowsOf(payload) !== undefined,
      zoomed: act.own.window !== undefined,
      live: this.liveWords()
    });
    const mine = selected?.source === act ? [...selected.rows] : [];
    this.rowList.show(
      mine,
      selected?.words ?? '',
      row => this.text(row),
      row => this.valueHere(row, index)
    );
    if (mine.length > 0) void this.fetch(mine.slice(0, LISTED));
  }

  private liveWords(): { word: string; title: string } | undefined {
    const { payload, live } = this;
    if (!payload?.live || live === undefined) return undefined;
    if (live === 'saved')
      return {
        word: 'saved',
        title: 'Drawn from what the notebook holds. Run the cell again to see all rows and try parameters.'
      };
    const n = rowsInAll(payload);
    const rows = n > 0 ? `All ${n.toLocaleString('en')} rows are` : 'The value is';
    return { word: 'live', title: `${rows} in the kernel, which answers this view.` };
  }

  /** Draws again before the next paint; several reasons make one drawing. */
  redraw(force = true): void {
    if (force) this.width = 0;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw(false));
  }

  private draw(force: boolean): void {
    const { payload, act } = this;
    const width = Math.floor(this.node.clientWidth);
    // Hidden or not attached: the resize observer calls again when there is room.
    if (!payload || this.isDisposed || width === 0) return;
    if (!force && width === this.width && devicePixelRatio === this.ratio) return;
    const ctx = this.canvas.getContext('2d');
    if (!ctx) {
      this.node.replaceChildren(complaint('this browser gives no 2D canvas'));
      return;
    }
    const selected = act.selection.of(act.dataId)?.rows;
    const options = {
      width,
      theme: currentTheme(this.node),
      ...act.own,
      ...(selected ? { selected } : {}),
      ...(act.moving ? { most: MOVING } : {})
    };
    const height = measureView(ctx, payload, options);
    const ratio = Math.min(devicePixelRatio, LONGEST / height, LONGEST / width);
    const size = [Math.round(width * ratio), Math.round(height * ratio)] as const;
    // Setting a canvas's size clears it and costs a frame: only when it changes.
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) {
      [this.canvas.width, this.canvas.height] = size;
      this.canvas.style.height = `${height}px`;
    }
    const before = this.shown;
    this.shown = drawView(ctx, payload, { ...options, height, pixelRatio: ratio });
    this.canvas.style.width = `${this.shown.width}px`;
    if (!this.gestures.busy) this.overlay.resize(this.shown.width, height, ratio);
    this.width = width;
    this.ratio = devicePixelRatio;
    if (before === undefined) this.tell();
    // Counting the rows selected is no work for each frame of a gesture: nothing is selected before it ends.
    if (!act.moving && !this.gestures.busy) this.sync();
  }

  // ---- the value behind it

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.settle();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.redraw(false);
  }

  /** Finds the notebook around the view, once it is in one. */
  private settle(): void {
    if (!this.isAttached || this.home) return;
    const home = homeOf(this.node);
    if (!home) return;
    this.home = home;
    this.follow(home.selection);
    const renew = (): void => void this.revive();
    home.renewed.connect(renew);
    this.stops.push(() => home.renewed.disconnect(renew));
    this.redraw();
    void this.revive();
  }

  private follow(selection: Selection): void {
    this.act.selection.changed.disconnect(this.onSelection, this);
    this.act.selection = selection;
    selection.changed.connect(this.onSelection, this);
  }

  private onSelection(): void {
    const { act } = this;
    if (act.selection.of(act.dataId)?.source !== act && !this.gestures.busy) delete act.own.brush;
    this.redraw();
  }

  /** Asks whether the kernel has the value, and takes what it has. */
  private async revive(): Promise<void> {
    const { home, saved } = this;
    if (!home || !saved?.live) return;
    const source = new ViewSource(home, saved.live.key);
    this.source = source;
    const known = await source.known();
    const current = (): boolean => !this.isDisposed && this.saved === saved && this.source === source;
    if (!current()) return;
    this.live = known ? 'live' : 'saved';
    this.tune?.dispose();
    this.tune = known ? this.tuneOf(home, saved, source) : undefined;
    // What a kernel that is gone has said stays on screen, but for what was only tried.
    this.tryOut(undefined);
    this.arrange();
    if (!known || !isSample(saved) || !wishes.whole || rowsInAll(saved) > wishes.rows) return;
    const whole = await source.whole();
    if (!current() || !whole) return;
    this.whole = whole;
    this.redraw();
  }

  private tuneOf(home: ViewHome, saved: ViewPayload, source: ViewSource): TunePanel | undefined {
    const tune = saved.live?.tune;
    if (!tune) return undefined;
    const panel = new TunePanel(tune, source, {
      preview: payload => this.tryOut(payload),
      apply: (changes, run) => home.apply(this.node, tune.stage, changes, run),
      gone: () => void this.revive()
    });
    return panel.empty ? undefined : panel;
  }

  private tryOut(payload: ViewPayload | undefined): void {
    this.preview = payload;
    this.act.forgetMarks();
    this.tell();
    this.redraw();
  }

  private text(row: number): { row: number; text: string; place: string } | undefined {
    if (!this.texts && this.saved) this.texts = savedTexts(this.saved);
    return this.texts?.get(row) ?? this.source?.text(row);
  }

  /** The last line of what a drawn row says on hover: its domain, and what it has on the picture's scale. */
  private valueHere(row: number, index: Float32Array): string {
    const point = index.indexOf(row);
    return point < 0 ? '' : (this.shown?.points?.lines(point).at(-1) ?? '');
  }

  private async fetch(rows: readonly number[]): Promise<void> {
    const missing = rows.filter(row => !this.text(row));
    if (missing.length > 0 && (await this.source?.fetch(missing)) && !this.isDisposed) this.sync();
  }

  // ---- pointer and keys

  cancelGesture(): boolean {
    return this.gestures.cancel();
  }

  tip(point: number | undefined): void {
    const points = this.shown?.points;
    if (point === undefined || !points) return this.tooltip.hide();
    this.tooltip.show(this.linesOf(point), points.x[point]!, points.y[point]!);
  }

  private linesOf(point: number): readonly string[] {
    const points = this.shown?.points;
    if (!points) return [];
    const lines = points.lines(point);
    const known = this.text(points.rows?.[point] ?? point);
    // All rows came without their texts: these are fetched for the row that is looked at.
    if (!this.whole || !known) return lines;
    const all = [known.text, known.place, ...lines];
    return all.filter((line, i) => line !== '' && all.indexOf(line) === i);
  }

  private hover(event: PointerEvent): void {
    const drawn = this.shown;
    clearTimeout(this.fetching);
    if (!drawn || this.gestures.busy) return this.tooltip.hide();
    const { offsetX: x, offsetY: y } = event;
    const region = regionAt(drawn, x, y);
    this.canvas.classList.toggle('hs-mod-pointing', region?.toggle !== undefined);
    const point = region ? -1 : pointAt(drawn, x, y);
    const lines = point >= 0 ? this.linesOf(point) : linesAt(drawn, x, y);
    if (lines.length === 0) this.tooltip.hide();
    else this.tooltip.show(lines, x, y);
    const row = drawn.points?.rows?.[point] ?? point;
    if (point < 0 || !this.whole || this.text(row)) return;
    this.fetching = setTimeout(() => {
      void this.source?.fetch([row]).then(came => {
        if (came && this.tooltip.visible) this.tooltip.show(this.linesOf(point), x, y);
      });
    }, 60);
  }

  private leave(): void {
    clearTimeout(this.fetching);
    this.tooltip.hide();
  }

  private click(event: MouseEvent): void {
    const toggle = this.shown && regionAt(this.shown, event.offsetX, event.offsetY)?.toggle;
    if (!toggle) return;
    this.tooltip.hide();
    this.act.toggle(toggle);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.fetching);
    this.resize.disconnect();
    this.tune?.dispose();
    for (const stop of this.stops) stop();
    this.act.selection.changed.disconnect(this.onSelection, this);
    this.listeners.abort();
    this.saved = this.whole = this.preview = this.shown = undefined;
    super.dispose();
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
