/**
 * The tools above a picture: colour, parts, gestures, zoom, and what is selected. Everything that a pointer can do here
 * a keyboard can do too. Changes nothing itself: it tells what was asked for.
 */
import type { EmbeddingPayload, ReportPayload, ViewPayload } from '../../common/views/index.js';
import { ownKeys } from '../keys/index.js';
import { viewButton } from './button.js';
import { toolGlyph, type ToolName } from './glyphs.js';

export type Tool = 'pan' | 'lasso' | 'box';

export interface ToolbarState {
  colour: string;
  arm: string;
  hidden: ReadonlySet<string>;
  tool: Tool;
  /** Rows selected, of how many; absent while nothing is. */
  selected?: { rows: number; of: number; words: string };
  canUndo: boolean;
  zoomed: boolean;
  /** How the view stands to its kernel, in a word, and why. */
  live?: { word: string; title: string };
}

export interface ToolbarActions {
  colour(name: string): void;
  arm(name: string): void;
  toggle(part: string): void;
  tool(tool: Tool): void;
  zoom(step: 'in' | 'out' | 'all'): void;
  clear(): void;
  undo(): void;
  save(): void;
}

function partsOf(payload: EmbeddingPayload): string[] {
  return payload.flagged ? ['source', 'target', 'flagged'] : ['source', 'target'];
}

function count(n: number): string {
  return n.toLocaleString('en');
}

export class Toolbar {
  readonly node = document.createElement('div');
  private readonly parts = new Map<string, HTMLButtonElement>();
  private readonly tools = new Map<Tool, HTMLButtonElement>();
  private readonly status = document.createElement('span');
  private readonly live = document.createElement('span');
  private readonly clear: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly all: HTMLButtonElement | undefined;
  private readonly selects: { select: HTMLSelectElement; read: (state: ToolbarState) => string }[] = [];

  constructor(
    payload: ViewPayload,
    private readonly actions: ToolbarActions
  ) {
    this.node.className = 'hs-View-controls';
    this.node.setAttribute('role', 'toolbar');
    this.node.setAttribute('aria-label', 'Picture');
    ownKeys(this.node);
    this.status.className = 'hs-View-selected';
    this.status.setAttribute('role', 'status');
    this.live.className = 'hs-View-live';
    this.clear = viewButton('Clear', 'Clear the selection (Esc)', () => actions.clear());
    this.undo = this.icon('undo', 'Take the last selection back (Ctrl Z)', () => actions.undo());
    if (payload.kind === 'embedding') this.all = this.addEmbedding(payload);
    if (payload.kind === 'report') this.addArms(payload);
    // Nothing but the corner's own: it needs no row above the picture.
    this.node.classList.toggle(
      'hs-mod-bare',
      this.node.childElementCount === 0 && payload.kind !== 'distribution'
    );
    const space = document.createElement('span');
    space.className = 'hs-View-space';
    const save = this.icon('save', 'Save the picture as PNG', () => actions.save());
    this.node.append(space, this.status, this.clear, this.undo, this.live, save);
  }

  sync(state: ToolbarState): void {
    for (const { select, read } of this.selects) select.value = read(state);
    for (const [part, button] of this.parts)
      button.setAttribute('aria-pressed', String(!state.hidden.has(part)));
    for (const [tool, button] of this.tools) button.setAttribute('aria-pressed', String(tool === state.tool));
    const { selected, live } = state;
    const words = selected ? `${count(selected.rows)} / ${count(selected.of)} selected` : '';
    if (this.status.textContent !== words) this.status.textContent = words;
    this.status.title = selected?.words ?? '';
    this.clear.hidden = !selected;
    this.undo.hidden = !state.canUndo;
    if (this.all) this.all.disabled = !state.zoomed;
    this.live.textContent = live?.word ?? '';
    this.live.title = live?.title ?? '';
    this.live.hidden = !live;
  }

  private addEmbedding(payload: EmbeddingPayload): HTMLButtonElement {
    const { actions } = this;
    if (payload.columns.length > 1) {
      const names = payload.columns.map(column => column.name);
      this.select(
        'Colour',
        names,
        state => state.colour,
        name => actions.colour(name)
      );
    }
    for (const part of partsOf(payload)) {
      const button = viewButton(part, `Show or hide ${part}`, () => actions.toggle(part));
      button.className = 'hs-View-toggle';
      this.parts.set(part, button);
      this.node.append(button);
    }
    const group = document.createElement('span');
    group.className = 'hs-View-group';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'Gesture');
    const tools: readonly [Tool, string][] = [
      ['pan', 'Drag to move; Ctrl and the wheel to zoom (Esc)'],
      ['lasso', 'Select with a lasso (L). Shift adds, Alt removes'],
      ['box', 'Select in a box (X). Shift adds, Alt removes']
    ];
    for (const [tool, words] of tools) {
      const button = this.icon(tool, words, () => actions.tool(tool));
      this.tools.set(tool, button);
      group.append(button);
    }
    const all = this.icon('all', 'Show everything (0)', () => actions.zoom('all'));
    group.append(
      this.icon('in', 'Zoom in (+)', () => actions.zoom('in')),
      this.icon('out', 'Zoom out (−)', () => actions.zoom('out')),
      all
    );
    this.node.append(group);
    return all;
  }

  private addArms(payload: ReportPayload): void {
    const arms = (payload.confusions ?? []).map(({ arm }) => arm);
    if (arms.length < 2) return;
    this.select(
      'Mistakes of',
      arms,
      state => state.arm,
      arm => this.actions.arm(arm)
    );
  }

  private select(
    name: string,
    options: readonly string[],
    read: (state: ToolbarState) => string,
    changed: (value: string) => void
  ): void {
    const label = document.createElement('label');
    const select = document.createElement('select');
    label.append(`${name} `, select);
    for (const value of options) {
      const option = document.createElement('option');
      option.value = value;
      option.textContent = value;
      select.append(option);
    }
    select.addEventListener('change', () => changed(select.value));
    this.selects.push({ select, read });
    this.node.append(label);
  }

  private icon(name: ToolName, title: string, act: () => void): HTMLButtonElement {
    const button = viewButton('', title, act);
    button.classList.add('hs-mod-icon');
    button.setAttribute('aria-label', title);
    button.append(toolGlyph(name));
    return button;
  }
}
