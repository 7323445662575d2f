/**
 * Joins a cell's form to its code: what the code says goes into the form as it is typed, what the form says goes into
 * the code as literals. While the code does not parse the form keeps what it read last, and cannot be changed.
 */
import type { Cell } from '@jupyterlab/cells';
import { editParameters, type Changes } from '../../../common/stagecell/index.js';
import { lockOf, writeEdits } from '../../notebooks/index.js';
import { changeIn, endGesture, undoIn } from './gesture.js';
import { FormPanel, type FormHost } from './panel.js';
import type { CellCalls, Reading } from './reading.js';

export interface CellFormHost extends Pick<FormHost, 'run' | 'leave' | 'help' | 'browse'> {
  /** The cell's code and its calls as they are now. */
  read(): CellCalls;
  /** The code has been changed from here: what follows from it is shown at once. */
  changed(): void;
}

const NOT_PARSED = 'The code does not parse. The form shows what it said before.';

export class CellForm {
  private readonly panel: FormPanel;
  private reading: Reading | undefined;
  private locked: string | undefined;

  constructor(
    private readonly cell: Cell,
    private readonly host: CellFormHost
  ) {
    this.panel = new FormPanel({
      ...host,
      change: (call, changes) => this.change(call, changes),
      settle: endGesture,
      undo: redo => {
        undoIn(cell, redo);
        host.changed();
      }
    });
  }

  get node(): HTMLElement {
    return this.panel.node;
  }

  update(reading: Reading): void {
    if (this.cell.isDisposed) return;
    const locked = lockOf(this.cell);
    if (reading === this.reading && locked === this.locked) return;
    this.reading = reading;
    this.locked = locked;
    this.panel.update({
      forms: reading.forms,
      differences: reading.changes,
      edited: reading.edited,
      ...(reading.broken ? { locked: NOT_PARSED } : locked ? { locked: `The cell ${locked}.` } : {})
    });
  }

  focus(): void {
    this.panel.focus();
  }

  dispose(): void {
    endGesture();
    this.panel.node.remove();
  }

  private change(index: number, changes: Changes): string | undefined {
    const { source, calls } = this.host.read();
    const call = calls[index];
    if (!call || call.stage !== this.reading?.forms[index]?.stage) return 'the code has changed meanwhile';
    const edits = editParameters(source, call, changes);
    if ('reason' in edits) return edits.reason;
    if (edits.length > 0) changeIn(this.cell, () => writeEdits(this.cell, edits));
    this.host.changed();
    return undefined;
  }
}
