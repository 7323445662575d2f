/**
 * The picture that belongs to a cell: what its running job shows, else the last view among its outputs, else what the
 * kernel draws of what the cell made. Checked before it is handed out; draws nothing itself.
 */
import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { CellState } from '../../common/dataflow/index.js';
import { MIME, parsePayload, type ViewPayload } from '../../common/views/index.js';
import type { KernelKnowledge } from './known.js';

/** Pictures asked of the kernel that are kept. */
const KEPT = 200;

export class Pictures implements IDisposable {
  private readonly parsed = new WeakMap<object, ViewPayload | null>();
  /** Key of a value -> its picture; null while it is on its way, and where there is none. */
  private readonly asked = new Map<string, ViewPayload | null>();
  private disposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly known: KernelKnowledge,
    private readonly changed: () => void
  ) {}

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    this.asked.clear();
  }

  of(cell: string, state: CellState | undefined): ViewPayload | undefined {
    return this.amongOutputs(cell) ?? this.ofValue(state);
  }

  private amongOutputs(id: string): ViewPayload | undefined {
    const widget = this.panel.content.widgets.find(one => one.model.id === id) as CodeCell | undefined;
    const outputs = (widget?.model as ICodeCellModel | undefined)?.outputs;
    for (let i = (outputs?.length ?? 0) - 1; i >= 0; i--) {
      const data = outputs!.get(i).data[MIME];
      const payload = typeof data === 'object' && data !== null ? this.parse(data) : undefined;
      if (payload) return payload;
    }
    return undefined;
  }

  private parse(data: object): ViewPayload | undefined {
    let found = this.parsed.get(data);
    if (found === undefined) {
      const read = parsePayload(data);
      found = 'payload' in read ? read.payload : null;
      this.parsed.set(data, found);
    }
    return found ?? undefined;
  }

  /** Of the last value that a stage made in the cell. */
  private ofValue(state: CellState | undefined): ViewPayload | undefined {
    const made = Object.entries(state?.run?.writes ?? {}).filter(([, written]) => written.kind !== undefined);
    const [name, written] = made.at(-1) ?? [];
    if (name === undefined || !written) return undefined;
    const key = `${name} ${written.run} ${written.id ?? ''}`;
    const held = this.asked.get(key);
    if (held !== undefined) return held ?? undefined;
    this.asked.set(key, null);
    while (this.asked.size > KEPT) this.asked.delete(this.asked.keys().next().value!);
    void this.ask(name, key);
    return undefined;
  }

  private async ask(name: string, key: string): Promise<void> {
    const payload = await this.known.look(name);
    if (this.disposed || !payload) return;
    this.asked.set(key, this.parse(payload) ?? null);
    this.changed();
  }
}
