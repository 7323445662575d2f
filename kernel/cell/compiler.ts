/**
 * Compiles cells: the checker's verdict (program.ts), JavaScript over the shared scope (emit.ts), and what later
 * cells may name (declarations.ts). Holds what earlier cells declared; runs nothing.
 */
import { isCompleteCode } from 'tslab/dist/converter.js';
import { getCodeMetadata } from 'tslab/dist/metadata.js';
import { ownDeclarations, remainingDeclarations } from './declarations.js';
import { emitCell } from './emit.js';
import { CompileError, type Diagnostic } from './errors.js';
import { PREFIX, Programs, type Checked } from './program.js';
import { readSource } from './source.js';
import { ts, type TypeScript } from './typescript.js';

/** A module beside the notebook, compiled: where its JavaScript would lie, and its text. */
export interface SideOutput {
  path: string;
  data: string;
}

export interface Compiled {
  /** CommonJS body over `exports`, `require` and the guard; empty when the cell holds only types. */
  js: string;
  async: boolean;
  /** Property of `exports` that receives the last expression's value. */
  resultName?: string;
  /** Modules beside the notebook that are new or have changed. */
  modules: SideOutput[];
  /** Value names that the cell declares at its top level. */
  names: ReadonlySet<string>;
  /** What later cells may name once this cell has run to its end. */
  declarations: string;
}

export type Completeness = { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };

/** "await" where no async function is around it; the cell as a whole is one. */
const AWAIT_OUTSIDE = new Set([1103, 1308, 1378, 1432]);

export class Compiler {
  /** Declarations of the cells that ran: the truth about what exists is the runner's. */
  declarations = '';
  readonly programs: Programs;
  /** Modules beside the notebook as they were compiled last. */
  private readonly compiled = new Map<string, TypeScript.SourceFile>();

  constructor(folder: string) {
    this.programs = new Programs(folder);
    // Reading the libraries takes the better part of a second; nobody waits for it later.
    this.programs.check('', '');
  }

  /** @throws CompileError with every diagnostic. Returns undefined for a cell that defines a module. */
  compile(source: string): Compiled | undefined {
    const metadata = getCodeMetadata(source);
    if (metadata.mode === 'browser')
      throw new CompileError([
        {
          line: 1,
          column: 1,
          length: 1,
          message: 'a @browser cell cannot run here: this kernel runs cells in Node.js'
        }
      ]);
    const { text, faults, names, values, nested } = readSource(source);
    // As the command-line compiler: types are not looked at before the text can be read.
    if (faults.length > 0) throw new CompileError(faults.map(fault => place(source, fault.start, fault)));
    if (metadata.module) {
      this.defineModule(metadata.module, source, metadata.jsx ?? false);
      return undefined;
    }
    const suffix = names.size > 0 ? `\nexport {${[...names].join(', ')}}` : '';
    const checked = this.programs.check(this.declarations, text + suffix);
    const { program, cell } = checked;
    const local = this.programs.localModules(program, cell);
    const diagnostics = [
      ...program.getSemanticDiagnostics(cell).filter(d => !isTopLevelAwait(cell, d)),
      ...local.flatMap(file => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file)
      ])
    ];
    const found = this.describe(diagnostics, source, cell);
    if (found.length > 0) throw new CompileError(found);
    return {
      ...emitCell(checked, PREFIX.length + text.length),
      modules: this.emitModules(program, local),
      names: values,
      declarations:
        names.size > 0 ? ownDeclarations(checked, nested) + remainingDeclarations(checked) : this.declarations
    };
  }

  /** A text as it is being written, for completion and hover. */
  look(source: string): Checked {
    return this.programs.check(this.declarations, source);
  }

  /**
   * The value of an earlier cell's name, or of a member of a module that one imported. No getter of a person's
   * own is called for it.
   */
  peek(variables: Readonly<Record<string, unknown>>, name: string, member?: string): unknown {
    const value = variables[name];
    if (member === undefined) return value;
    const imported = this.programs.isImported(name);
    return imported && typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)[member]
      : undefined;
  }

  private defineModule(name: string, source: string, jsx: boolean): void {
    const file = this.programs.addModule(name, source, jsx);
    const { program } = this.programs.check('', '');
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    if (found.length > 0)
      throw new CompileError(found.map(d => place(source, (d.start ?? 0) - PREFIX.length, d)));
  }

  private describe(
    diagnostics: readonly TypeScript.Diagnostic[],
    source: string,
    cell: TypeScript.SourceFile
  ): Diagnostic[] {
    return diagnostics.flatMap(d => {
      if (!d.file || d.category !== ts.DiagnosticCategory.Error) return [];
      if (d.file === cell) return [place(source, (d.start ?? 0) - PREFIX.length, d)];
      const prefix = this.programs.isModule(d.file.fileName) ? PREFIX.length : 0;
      const found = place(d.file.text.slice(prefix), (d.start ?? 0) - prefix, d);
      return [{ ...found, fileName: this.programs.nameOf(d.file.fileName) }];
    });
  }

  private emitModules(program: TypeScript.Program, files: readonly TypeScript.SourceFile[]): SideOutput[] {
    const modules: SideOutput[] = [];
    for (const file of files) {
      if (this.compiled.get(file.fileName) === file) continue;
      this.compiled.set(file.fileName, file);
      program.emit(file, (_name, data) => {
        modules.push({ path: file.fileName.replace(/\.[mc]?[tj]sx?$/, '.js'), data });
      });
    }
    return modules;
  }
}

function isTopLevelAwait(cell: TypeScript.SourceFile, d: TypeScript.Diagnostic): boolean {
  if (!AWAIT_OUTSIDE.has(d.code) || d.start === undefined) return false;
  const { findPrecedingToken } = ts as unknown as {
    findPrecedingToken(position: number, file: TypeScript.SourceFile): TypeScript.Node | undefined;
  };
  const token = findPrecedingToken(d.start + (d.length ?? 0), cell);
  return !ts.findAncestor(
    token,
    node =>
      ts.isFunctionLike(node) ||
      ts.isClassDeclaration(node) ||
      ts.isModuleDeclaration(node) ||
      ts.isClassStaticBlockDeclaration(node)
  );
}

/** Where a diagnostic lies in a text, whose start is offset 0. */
function place(source: string, offset: number, d: TypeScript.Diagnostic): Diagnostic {
  const at = Math.min(Math.max(0, offset), source.length);
  const before = source.slice(0, at).split('\n');
  return {
    line: before.length,
    column: before[before.length - 1]!.length + 1,
    length: Math.max(1, offset < 0 ? 1 : (d.length ?? 1)),
    message: ts.flattenDiagnosticMessageText(d.messageText, '\n'),
    ...(d.code && { code: d.code })
  };
}

/** Unterminated comment, unterminated template: the parser's codes for "more is to come". */
const OPEN_ENDED = new Set([1010, 1160]);

/** Whether Enter should run the text or begin a new line. */
export function completeness(source: string): Completeness {
  // Two empty lines at the end: the person wants it run, whatever it is.
  if (/\n\s*\n\s*$/.test(source)) return { status: 'complete' };
  const { faults } = readSource(source);
  if (faults.length === 0) return { status: 'complete' };
  const end = source.trimEnd().length;
  const open = faults.some(d => OPEN_ENDED.has(d.code) || (d.start >= end && /expected\.$/.test(message(d))));
  if (!open) return { status: 'invalid' };
  return { status: 'incomplete', indent: isCompleteCode(source).indent ?? '' };
}

const message = (d: TypeScript.DiagnosticWithLocation): string =>
  ts.flattenDiagnosticMessageText(d.messageText, '\n');
