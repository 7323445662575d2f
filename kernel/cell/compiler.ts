/**
 * Compiles cells: tslab's converter for types, declarations and JavaScript, with its known faults mended
 * before (source.ts) and after (output.ts). Holds what earlier cells declared; runs nothing.
 */
import { createConverter, isCompleteCode, type Converter, type SideOutput } from 'tslab/dist/converter.js';
import { getCodeMetadata } from 'tslab/dist/metadata.js';
import { CompileError, type Diagnostic } from './errors.js';
import { mendOutput } from './output.js';
import { mendSource } from './source.js';
import { ts, type TypeScript } from './typescript.js';

export interface Compiled {
  /** CommonJS body over `exports` and `require`; empty when the cell holds only types. */
  js: string;
  async: boolean;
  /** Property of `exports` that receives the last expression's value. */
  resultName?: string;
  /** Modules beside the notebook, compiled. */
  modules: SideOutput[];
  /** Value names that the cell declares at its top level. */
  names: ReadonlySet<string>;
  /** What later cells may name once this cell has run to its end. */
  declarations: string;
}

export interface Completions {
  matches: { text: string; type: string }[];
  /** UTF-16 offsets of what a match replaces. */
  start: number;
  end: number;
}

export type Completeness = { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };

export class Compiler {
  /** Declarations of the cells that ran: the truth about what exists is the runner's. */
  declarations = '';
  private readonly converter: Converter = createConverter({ isJS: false, isBrowser: false });
  private count = 0;

  /** @throws CompileError with every diagnostic. Returns undefined for a cell that defines a module. */
  compile(source: string): Compiled | undefined {
    const metadata = getCodeMetadata(source);
    if (metadata.mode === 'browser')
      throw new CompileError([
        { line: 1, column: 1, message: 'a @browser cell cannot run here: this kernel runs cells in Node.js' }
      ]);
    if (metadata.module) {
      const found = this.converter.addModule(metadata.module, source, metadata);
      const diagnostics = found.map(d => place(source, d.start.offset, d.messageText, d.code));
      if (diagnostics.length > 0) throw new CompileError(diagnostics);
      return undefined;
    }
    const mended = mendSource(source);
    // The count makes each text new: the converter does not build the same text twice.
    const text = `${mended.text}\n//${++this.count}`;
    const result = this.converter.convert(this.declarations, text);
    if (result.diagnostics.length > 0) {
      throw new CompileError(
        result.diagnostics.map(d =>
          d.fileName === undefined
            ? place(source, mended.toOriginal(d.start.offset), d.messageText, d.code)
            : { ...d, line: d.start.line + 1, column: d.start.character + 1, message: d.messageText }
        )
      );
    }
    const js = result.output ? mendOutput(result.output) : '';
    return {
      js,
      async: result.hasToplevelAwait ?? false,
      ...(result.lastExpressionVar && { resultName: result.lastExpressionVar }),
      modules: result.sideOutputs ?? [],
      names: topLevelNames(mended.text),
      declarations: result.declOutput ?? ''
    };
  }

  complete(source: string, offset: number): Completions {
    const { start, end, candidates, original } = this.converter.complete(this.declarations, source, offset);
    const kinds = new Map(original?.entries.map(entry => [entry.name, entry.kind as string]));
    return { matches: candidates.map(text => ({ text, type: kinds.get(text) ?? '' })), start, end };
  }

  /** What is known about the name at `offset`, or just before it. */
  inspect(source: string, offset: number): TypeScript.QuickInfo | undefined {
    // Just after a word, and just after the parenthesis that follows it, the word is meant.
    for (const back of [0, 1, 2]) {
      if (offset - back < 0 || (back === 2 && source[offset - 1] !== '(')) break;
      const info = this.converter.inspect(this.declarations, source, offset - back);
      if (info) return info;
    }
    return undefined;
  }

  close(): void {
    this.converter.close();
  }
}

function place(source: string, offset: number, message: string, code?: number): Diagnostic {
  const before = source.slice(0, Math.max(0, offset)).split('\n');
  return {
    line: before.length,
    column: before[before.length - 1]!.length + 1,
    message,
    ...(code && { code })
  };
}

function topLevelNames(source: string): Set<string> {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  const names = new Set<string>();
  const bind = (name: TypeScript.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(d => bind(d.name));
    else if (
      (ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isEnumDeclaration(statement)) &&
      statement.name
    )
      names.add(statement.name.text);
  }
  return names;
}

/** Unterminated comment, unterminated template: the parser's codes for "more is to come". */
const OPEN_ENDED = new Set([1010, 1160]);

/** Whether Enter should run the text or begin a new line. */
export function completeness(source: string): Completeness {
  // Two empty lines at the end: the person wants it run, whatever it is.
  if (/\n\s*\n\s*$/.test(source)) return { status: 'complete' };
  const prefix = 'export {};\n';
  const text = prefix + source;
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  const found = (file as unknown as { parseDiagnostics: TypeScript.DiagnosticWithLocation[] })
    .parseDiagnostics;
  if (found.length === 0) return { status: 'complete' };
  const end = text.trimEnd().length;
  const open = found.some(d => OPEN_ENDED.has(d.code) || (d.start >= end && /expected\.$/.test(message(d))));
  if (!open) return { status: 'invalid' };
  return { status: 'incomplete', indent: isCompleteCode(source).indent ?? '' };
}

const message = (d: TypeScript.DiagnosticWithLocation): string =>
  ts.flattenDiagnosticMessageText(d.messageText, '\n');
