/**
 * What a cell's stage calls say as forms, and how that differs from what ran last. Reads again only what has changed;
 * while the code does not parse it keeps what it read last.
 */
import {
  differences,
  readForm,
  type CallForm,
  type Difference,
  type StageCall
} from '../../../common/stagecell/index.js';

export interface CellCalls {
  readonly source: string;
  readonly calls: readonly StageCall[];
}

export interface Reading {
  readonly source: string;
  readonly forms: readonly CallForm[];
  /** The code does not parse: the forms are those of before. */
  readonly broken: boolean;
  /** The cell has run, and its code is no longer what ran. */
  readonly edited: boolean;
  /** By call: what has changed since the cell ran. */
  readonly changes: readonly (readonly Difference[])[];
}

/** Calls that the cell did not have in this place when it ran have no past. */
function changesSince(then: readonly CallForm[], now: readonly CallForm[]): (readonly Difference[])[] {
  return now.map((form, i) => {
    const before = then[i];
    return before?.stage === form.stage ? differences(before, form) : [];
  });
}

const formsOf = ({ source, calls }: CellCalls): CallForm[] => calls.map(call => readForm(source, call));

export class CellReader {
  private ran: { readonly code: string; readonly forms: readonly CallForm[] } | undefined;
  private calls: readonly StageCall[] | undefined;
  private last: Reading | undefined;

  /**
   * @param code what of the cell ran last, if anything did
   * @param readRun the calls in that code
   */
  read(now: CellCalls, code: string | undefined, readRun: (code: string) => CellCalls): Reading {
    const same = this.last?.source === now.source && this.calls === now.calls;
    if (same && this.ran?.code === code) return this.last!;
    const forms = formsOf(now);
    const broken = forms.length === 0 || forms.some(form => form.broken);
    const kept = broken && this.last ? this.last.forms : forms;
    if (code !== this.ran?.code)
      this.ran = code === undefined ? undefined : { code, forms: formsOf(readRun(code)) };
    const edited = code !== undefined && code !== now.source;
    this.calls = now.calls;
    return (this.last = {
      source: now.source,
      forms: kept,
      broken,
      edited,
      changes: edited && this.ran ? changesSince(this.ran.forms, kept) : kept.map(() => [])
    });
  }
}

/** "neighbors 20, fdr 0.1": what the last run was made with where that differs now. */
export function madeWith({ changes }: Reading): string {
  return changes.flatMap(list => list.map(({ name, was }) => `${name} ${was}`)).join(', ');
}
