/**
 * Which rows of the data are selected in one notebook: one set for all its views, changed once a gesture, with undo.
 * Rows are numbers in Data, so that views of different values of the same data share them. Knows no picture.
 */
import { Signal, type ISignal } from '@lumino/signaling';

export interface Selected {
  /** Id of the Data that the rows are numbers in. */
  readonly data: string;
  readonly rows: ReadonlySet<number>;
  /** Where it was made, e.g. "lasso" or "density ratio 0.6 to 1.5". */
  readonly words: string;
  /** The view that it was made in: only there is its brush drawn. */
  readonly source: object;
}

/** How a gesture's rows meet those selected before. */
export type Combine = 'replace' | 'add' | 'remove';

/** Gestures that can be taken back. */
const KEPT = 50;

export class Selection {
  private now: Selected | undefined;
  private readonly before: (Selected | undefined)[] = [];
  private readonly _changed = new Signal<this, void>(this);

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The selection among the rows of this data; undefined where nothing is selected. */
  of(data: string | undefined): Selected | undefined {
    return data !== undefined && this.now?.data === data ? this.now : undefined;
  }

  /** Takes the rows of a gesture. A selection without rows is no selection. */
  commit(gesture: Selected, combine: Combine = 'replace'): void {
    const old = this.of(gesture.data)?.rows ?? new Set<number>();
    const rows = new Set(combine === 'replace' ? [] : old);
    for (const row of gesture.rows) {
      if (combine === 'remove') rows.delete(row);
      else rows.add(row);
    }
    const words = combine === 'replace' || old.size === 0 ? gesture.words : 'several gestures';
    this.put(rows.size > 0 ? { ...gesture, rows, words } : undefined);
  }

  clear(): void {
    if (this.now) this.put(undefined);
  }

  get canUndo(): boolean {
    return this.before.length > 0;
  }

  /** Takes the last gesture back; returns whether there was one. */
  undo(): boolean {
    if (this.before.length === 0) return false;
    this.now = this.before.pop();
    this._changed.emit();
    return true;
  }

  private put(next: Selected | undefined): void {
    this.before.push(this.now);
    if (this.before.length > KEPT) this.before.shift();
    this.now = next;
    this._changed.emit();
  }
}
