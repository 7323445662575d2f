/**
 * The forms of one notebook's stage cells: which are open, and what of each cell differs from its last run. Which is
 * open is no part of the notebook: opening a form is not an edit. Changes code only as a person changes a form.
 */
import type { Cell } from '@jupyterlab/cells';
import type { Dataflow } from '../../../common/dataflow/index.js';
import {
  findStageCalls,
  readImports,
  type Imports,
  type PathKind,
  type StageCall
} from '../../../common/stagecell/index.js';
import type { IDataflow } from '../../dataflow/index.js';
import type { StageHeader } from '../header.js';
import { markDiffering } from '../mark.js';
import { CellForm } from './cell.js';
import { CellReader, madeWith, type CellCalls } from './reading.js';

/** What a form asks others for. */
export interface FormTools {
  /** Shows what a stage does and takes. */
  help?(cell: Cell, call: StageCall): void;
  /** Lets a person choose a path, from the notebook's folder. */
  browse?(panel: IDataflow['panel'], kind: PathKind, now: string): Promise<string | undefined>;
}

export class NotebookForms {
  private readonly headers = new Map<Cell, StageHeader>();
  private readonly readers = new WeakMap<Cell, CellReader>();
  private readonly forms = new Map<Cell, CellForm>();
  /** Ids of the cells whose form is open: a cell that is moved stays the same, and its form open. */
  private readonly open = new Set<string>();
  private read: { readonly flow: Dataflow; readonly imports: Imports } | undefined;

  constructor(
    private readonly dataflow: IDataflow,
    private readonly tools: FormTools
  ) {}

  dispose(): void {
    for (const form of this.forms.values()) form.dispose();
    this.forms.clear();
    this.headers.clear();
  }

  /** A stage cell as it is now, with the header that its form hangs on. */
  show(cell: Cell, header: StageHeader): void {
    this.headers.set(cell, header);
    this.attach(cell, header);
    this.refresh(cell);
  }

  remove(cell: Cell): void {
    this.headers.delete(cell);
    this.forms.get(cell)?.dispose();
    this.forms.delete(cell);
  }

  has(cell: Cell): boolean {
    return this.headers.has(cell);
  }

  /** Opens the cell's form and goes there; closes it where one is in it already. */
  goTo(cell: Cell): void {
    const form = this.forms.get(cell);
    if (form?.node.contains(document.activeElement)) return this.toggle(cell);
    if (!form) this.toggle(cell);
    else form.focus();
  }

  /** Opens the cell's form, or closes it and goes back to the cell. */
  toggle(cell: Cell): void {
    const header = this.headers.get(cell);
    if (!header) return;
    const { id } = cell.model;
    const held = this.forms.get(cell)?.node.contains(document.activeElement);
    if (!this.open.delete(id)) this.open.add(id);
    this.show(cell, header);
    if (this.open.has(id)) this.forms.get(cell)?.focus();
    else if (held) this.dataflow.goTo(id);
  }

  private attach(cell: Cell, header: StageHeader): void {
    let form = this.forms.get(cell);
    if (this.open.has(cell.model.id)) {
      if (!form) this.forms.set(cell, (form = this.add(cell)));
    } else if (form) {
      form.dispose();
      this.forms.delete(cell);
      form = undefined;
    }
    header.setForm(form?.node);
  }

  private add(cell: Cell): CellForm {
    const { dataflow, tools } = this;
    const { help, browse } = tools;
    return new CellForm(cell, {
      run: () => void dataflow.run({ only: cell.model.id }),
      leave: () => dataflow.goTo(cell.model.id),
      read: () => this.callsOf(cell),
      changed: () => this.refresh(cell),
      ...(help
        ? {
            help: () => {
              const [call] = this.callsOf(cell).calls;
              if (call) help(cell, call);
            }
          }
        : {}),
      ...(browse ? { browse: (kind: PathKind, now: string) => browse(dataflow.panel, kind, now) } : {})
    });
  }

  /** What of the cell differs from its last run: in the code, in the header, in the form. */
  private refresh(cell: Cell): void {
    const header = this.headers.get(cell);
    if (!header || header.isDisposed || cell.isDisposed) return;
    let reader = this.readers.get(cell);
    if (!reader) this.readers.set(cell, (reader = new CellReader()));
    const code = this.dataflow.states.get(cell.model.id)?.run?.source;
    const reading = reader.read(this.callsOf(cell), code, ran => this.callsIn(ran));
    markDiffering(
      cell,
      reading.broken ? [] : reading.changes.flatMap(list => list.flatMap(({ range }) => range ?? []))
    );
    header.setMade(madeWith(reading));
    this.forms.get(cell)?.update(reading);
  }

  private callsIn(source: string): CellCalls {
    const { flow } = this.dataflow;
    if (this.read?.flow !== flow)
      this.read = { flow, imports: readImports(flow.nodes.map(node => node.source)) };
    return { source, calls: findStageCalls(source, this.read.imports) };
  }

  /** The cell's calls in its code as it is now, which the flow may not have read yet. */
  private callsOf(cell: Cell): CellCalls {
    const source = cell.model.sharedModel.getSource();
    const node = this.dataflow.flow.nodes.find(({ id }) => id === cell.model.id);
    return node?.source === source ? { source, calls: node.calls } : this.callsIn(source);
  }
}
