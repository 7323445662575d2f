/**
 * What is wrong with a notebook's graph, told above the cells that it is about, with the mend where there is one. Finds
 * nothing itself; what does not parse is underlined where it stands (src/diagnostics).
 */
import type { Cell } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';
import { Widget, type PanelLayout } from '@lumino/widgets';
import type { Fault, FaultKind } from '../../common/dataflow/index.js';
import { clean } from '../../common/views/index.js';
import { ownKeys } from '../keys/index.js';
import { carryOut } from './commands.js';
import type { IDataflow } from './tokens.js';

const TOLD: readonly FaultKind[] = ['duplicate', 'cycle', 'unknown-stage', 'unread'];

/** Sentences that a cell shows at most. */
const MOST = 3;

class Warning extends Widget {
  private shown = '';

  constructor(
    private readonly dataflow: IDataflow,
    private readonly cell: string
  ) {
    super();
    this.addClass('hs-Warning');
    this.node.setAttribute('role', 'note');
    ownKeys(this.node);
  }

  tell(faults: readonly Fault[], mends: readonly string[]): void {
    const words = JSON.stringify([faults, mends]);
    if (words === this.shown) return;
    this.shown = words;
    this.node.replaceChildren(
      ...faults.slice(0, MOST).map((fault, i) => {
        const line = document.createElement('div');
        line.className = 'hs-Warning-line';
        const text = document.createElement('span');
        text.textContent = clean(fault.message);
        line.append(text);
        if (mends[i]) line.append(this.mend(fault.name!, mends[i]));
        return line;
      })
    );
  }

  private mend(name: string, next: string): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'hs-Warning-mend';
    button.textContent = `Rename to ${next}`;
    button.title = `Calls ${name} of this cell ${next}, here and wherever it is read from here`;
    button.addEventListener('click', () => {
      const { propose } = this.dataflow;
      void carryOut(this.dataflow, propose.rename({ cell: this.cell, name }, propose.freeName(name)));
    });
    return button;
  }
}

export class CellWarnings implements IDisposable {
  private readonly warnings = new Map<Cell, Warning>();
  private disposed = false;

  constructor(private readonly dataflow: IDataflow) {
    dataflow.changed.connect(this.refresh, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.dataflow.changed.disconnect(this.refresh, this);
    for (const warning of this.warnings.values()) warning.dispose();
    this.warnings.clear();
  }

  private refresh(): void {
    const { ours, flow, panel, propose } = this.dataflow;
    const told = new Map<string, readonly Fault[]>();
    for (const { id, faults } of ours ? flow.nodes : []) {
      const worth = faults.filter(({ kind }) => TOLD.includes(kind));
      if (worth.length > 0) told.set(id, worth);
    }
    for (const [cell, warning] of this.warnings) {
      if (!cell.isDisposed && told.has(cell.model.id)) continue;
      this.warnings.delete(cell);
      warning.dispose();
    }
    if (told.size === 0) return;
    for (const cell of panel.content.widgets) {
      const faults = told.get(cell.model.id);
      if (!faults) continue;
      let warning = this.warnings.get(cell);
      if (!warning || warning.isDisposed) this.warnings.set(cell, (warning = this.add(cell)));
      const defines = flow.nodes.find(({ id }) => id === cell.model.id)!.code.defines;
      const mends = faults.map(({ kind, name }) =>
        kind === 'duplicate' && name !== undefined && defines.includes(name) ? propose.freeName(name) : ''
      );
      warning.tell(faults, mends);
    }
  }

  private add(cell: Cell): Warning {
    const warning = new Warning(this.dataflow, cell.model.id);
    // A cell that is not on screen yet has no parts to stand between.
    void cell.ready.then(() => {
      if (!warning.isDisposed && !cell.isDisposed) (cell.layout as PanelLayout).insertWidget(1, warning);
    });
    return warning;
  }
}
