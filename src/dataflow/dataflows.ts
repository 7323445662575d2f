/** The dataflows of the open notebooks, and which of them is looked at. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { NotebookFeeds } from '../link/index.js';
import { PerNotebook } from '../notebooks/index.js';
import { DataflowModel } from './model.js';
import { CHEAP } from './reactions.js';
import { CellWarnings } from './warnings.js';
import type { IDataflow, IDataflows } from './tokens.js';

export class Dataflows implements IDataflows, IDisposable {
  private readonly models: PerNotebook<DataflowModel>;
  private readonly warnings: PerNotebook<CellWarnings>;
  private _cheap = CHEAP;
  /** Parameters that a person wants in new cells of a stage. */
  wanted: (stage: string) => Readonly<Record<string, unknown>> = () => ({});
  private readonly _currentChanged = new Signal<IDataflows, void>(this);

  constructor(
    private readonly tracker: INotebookTracker,
    feeds: NotebookFeeds
  ) {
    this.models = new PerNotebook(tracker, panel => {
      const model = new DataflowModel(panel, feeds, stage => this.wanted(stage));
      model.cheap = this._cheap;
      return model;
    });
    this.warnings = new PerNotebook(tracker, panel => new CellWarnings(this.models.of(panel)!));
    tracker.currentChanged.connect(this.tell, this);
    // A notebook is in front before it is told of, and its model there after.
    tracker.widgetAdded.connect(this.tell, this);
  }

  get current(): IDataflow | undefined {
    const panel = this.tracker.currentWidget;
    return panel ? this.models.of(panel) : undefined;
  }

  get currentChanged(): ISignal<IDataflows, void> {
    return this._currentChanged;
  }

  of(panel: NotebookPanel): DataflowModel | undefined {
    return this.models.of(panel);
  }

  /** Seconds up to which reactive mode runs a cell by itself. */
  get cheap(): number {
    return this._cheap;
  }

  set cheap(seconds: number) {
    this._cheap = seconds;
    this.tracker.forEach(panel => {
      const model = this.models.of(panel);
      if (model) model.cheap = seconds;
    });
  }

  get isDisposed(): boolean {
    return this.models.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.tracker.currentChanged.disconnect(this.tell, this);
    this.tracker.widgetAdded.disconnect(this.tell, this);
    this.warnings.dispose();
    this.models.dispose();
    Signal.clearData(this);
  }

  private tell(): void {
    this._currentChanged.emit();
  }
}
