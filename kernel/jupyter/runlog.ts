/**
 * What the cells that ran have read and made, for graphs of cells (common/dataflow). Noting a run costs little, because
 * every kernel does it; a note is only worked out when somebody wants to know. Runs nothing and judges nothing.
 */
import { createHash } from 'node:crypto';
import { SUMMARY, type Summarized } from '../../common/host.js';
import {
  analyse,
  stillTelling,
  type CellCode,
  type RunRecord,
  type Written
} from '../../common/dataflow/index.js';
import type { CellStatus, Variables } from './noted.js';

/** Characters of a primitive by which two of them are told apart; of a reason. */
const LONGEST_TEXT = 2000;

/** Where a cell's last value is kept while it runs: no name of anybody's. */
const RESULT = /^tsLastExpr\d*$/;

/** A value in a few words; the run is filled in by whoever wrote it. */
type Description = Omit<Written, 'run' | 'cell'>;

interface Note {
  readonly run: number;
  readonly cell?: string;
  readonly source: string;
  readonly status: CellStatus;
  readonly reason?: string;
  readonly started: number;
  readonly seconds: number;
  /** What is under a name now that was not when the cell began. */
  readonly changed: ReadonlyMap<string, Description>;
}

export interface Begun {
  readonly source: string;
  readonly cell?: string;
  readonly started: number;
  readonly clock: number;
  readonly before: Variables;
}

function describe(value: unknown): Description {
  if (value === null || ['string', 'number', 'boolean', 'bigint', 'undefined'].includes(typeof value)) {
    const text = String(value);
    return text.length <= LONGEST_TEXT ? { id: `${typeof value}:${text}` } : {};
  }
  try {
    return (value as Partial<Summarized>)[SUMMARY]?.() ?? {};
  } catch {
    // Somebody else's getter: a value that cannot be described is one without a description.
    return {};
  }
}

/** Whether a module's name is a package's, and not a file's beside the notebook. */
const ofPackage = (module: string): boolean => !/^[./]/.test(module);

export class RunLog {
  private count = 0;
  private notes: Note[] = [];
  private records: RunRecord[] = [];
  private readonly names = new Map<string, Written>();

  begin(variables: Variables, source: string, cell: string | undefined): Begun {
    return { source, cell, started: Date.now(), clock: performance.now(), before: { ...variables } };
  }

  /** Notes how a cell ended. Values are described now: later cells may change them. */
  end(begun: Begun, variables: Variables, status: CellStatus, reason?: string): void {
    const { before, clock, ...known } = begun;
    const changed = new Map<string, Description>();
    for (const [name, value] of Object.entries(variables)) {
      if (RESULT.test(name) || (name in before && Object.is(before[name], value))) continue;
      changed.set(name, describe(value));
    }
    const seconds = (performance.now() - clock) / 1000;
    const why = reason === undefined ? {} : { reason: reason.slice(0, LONGEST_TEXT) };
    this.notes.push({ ...known, ...why, run: ++this.count, status, seconds, changed });
  }

  /** The runs that still say something: the last of each cell, and those whose values are there. Oldest first. */
  recall(): readonly RunRecord[] {
    this.workOut();
    return this.records;
  }

  /** Works out what was noted and returns that alone. */
  news(): readonly RunRecord[] {
    return this.workOut();
  }

  private workOut(): readonly RunRecord[] {
    const fresh = this.notes.map(note => this.read(note));
    this.notes = [];
    if (fresh.length === 0) return fresh;
    this.records = stillTelling([...this.records, ...fresh]);
    return fresh;
  }

  /**
   * A type is what its cell says; a module of a package is the same however often it is imported, though the object
   * that stands for it is another each time. Files beside the notebook may have changed.
   */
  private sameWhenRunAgain(name: string, code: CellCode, hasValue: boolean): { id?: string } {
    const module = code.imports[name];
    if (module !== undefined && ofPackage(module)) return { id: `import:${name}:${code.fingerprint}` };
    return !hasValue && code.types.includes(name) ? { id: `type:${code.fingerprint}` } : {};
  }

  /** Functions and classes of a cell that only declares are what its code is, and what it reads. */
  private settledBy(code: CellCode, reads: readonly (readonly [string, Written])[]): string | undefined {
    if (!code.settled || !reads.every(([, { id }]) => id !== undefined)) return undefined;
    // What stands in a file beside the notebook is not in the code.
    if (!Object.values(code.imports).every(ofPackage)) return undefined;
    const hash = createHash('sha256').update(code.fingerprint);
    for (const [name, { id }] of reads) hash.update(`\u0000${name}\u0000${id!}`);
    return hash.digest('hex').slice(0, 32);
  }

  private read({ changed, ...note }: Note): RunRecord {
    const { names } = this;
    const code = analyse(note.source);
    const reads: [string, Written][] = [];
    for (const name of code.uses) {
      const written = names.get(name);
      if (written) reads.push([name, written]);
    }
    const settled = this.settledBy(code, reads);
    const types = new Set(code.types);
    const made = note.status === 'done' ? [...code.defines, ...code.assigns] : [];
    const writes = [...new Set([...made, ...changed.keys()])].map((name): [string, Written] => {
      const before = names.get(name);
      const now = changed.get(name);
      // The same value as before, such as a module that was imported again: nothing that was made of it is out of date.
      if (!now && before && !types.has(name)) return [name, before];
      const same = this.sameWhenRunAgain(name, code, now !== undefined);
      const by = { run: note.run, ...(note.cell === undefined ? {} : { cell: note.cell }) };
      const own = settled !== undefined && made.includes(name) ? { id: `code:${name}:${settled}` } : {};
      return [name, { ...by, ...own, ...now, ...same }];
    });
    for (const [name, written] of writes) names.set(name, written);
    return { ...note, reads: Object.fromEntries(reads), writes: Object.fromEntries(writes) };
  }
}
