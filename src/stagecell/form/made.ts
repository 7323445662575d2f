/**
 * A line above a cell's outputs while they are older than its code: "made with neighbors 20". It is the page's own and
 * no output: nothing of it is saved.
 */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { Widget, type PanelLayout } from '@lumino/widgets';
import { stateGlyph } from '../icons.js';

class MadeLine extends Widget {
  private readonly words = document.createElement('span');

  constructor() {
    super();
    this.addClass('hs-Made');
    this.node.setAttribute('role', 'note');
    const glyph = document.createElement('span');
    glyph.className = 'hs-Made-glyph';
    glyph.append(stateGlyph('stale'));
    this.node.append(glyph, this.words);
  }

  say(words: string): void {
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}

const lines = new WeakMap<Cell, MadeLine>();

/** @param made what the last run was made with where the code now says something else; empty where it does not */
export function showMade(cell: Cell, made: string): void {
  if (cell.isDisposed) return;
  let line = lines.get(cell);
  if (made === '' || (cell.model as ICodeCellModel).outputs.length === 0) {
    line?.dispose();
    lines.delete(cell);
    return;
  }
  if (!line) {
    const layout = cell.layout as PanelLayout;
    const at = layout.widgets.findIndex(one => one.hasClass('jp-Cell-outputWrapper'));
    // A cell that is not on screen yet has no parts to stand between.
    if (at < 0) return;
    lines.set(cell, (line = new MadeLine()));
    layout.insertWidget(at, line);
  }
  line.say(`made with ${made}`);
}
