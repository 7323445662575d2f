/** How a cell fails, and how that is put into a Jupyter `error` message. */
import { format, inspect } from 'node:util';
import { mapFrame } from './frames.js';
import { HySimError } from '../../common/errors.js';
import { cleanStack } from './traceback.js';

/** A fault that the type checker or the parser found. Lines and columns count from 1. */
export interface Diagnostic {
  line: number;
  column: number;
  /** UTF-16 units; 1 when it is not known. */
  length?: number;
  /** Further lines say more. */
  message: string;
  /** TypeScript's number, without the letters TS. */
  code?: number;
  /** A module beside the notebook; absent for the cell itself. */
  fileName?: string;
}

/** The cell did not compile; nothing of it ran. */
export class CompileError extends Error {
  override name = 'TypeScriptError';
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(describe(diagnostics[0]!));
  }
}

/** The person interrupted. The name is Jupyter's convention: front ends know it. */
export class KeyboardInterrupt extends Error {
  override name = 'KeyboardInterrupt';
  constructor(message = 'the cell was interrupted; variables keep their values') {
    super(message);
  }
}

/** `line L:C - message (TS1234)`, with the excerpt right below: front ends read this, and underline the place. */
function describe(diagnostic: Diagnostic): string {
  const { fileName, line, column, message, code } = diagnostic;
  return `${fileName ? `${fileName} ` : ''}line ${line}:${column} - ${message}${code ? ` (TS${code})` : ''}`;
}

/** Content of an `error` message. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** The line that a diagnostic points into, with a caret under each unit of the place that lies on the line. */
function excerpt(source: string, diagnostic: Diagnostic): string[] {
  const line = diagnostic.fileName === undefined ? source.split('\n')[diagnostic.line - 1] : undefined;
  if (line === undefined) return [];
  const number = String(diagnostic.line).padStart(4);
  const indent = line.slice(0, diagnostic.column - 1).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(diagnostic.length ?? 1, line.length - indent.length)));
  return [`${number} | ${line}`, `     | ${indent}${carets}`];
}

const OWN_FRAME = /^\s+at .*[\\/]lib[\\/](kernel|common)[\\/]/;

/** Characters of a message or of one line of a traceback: an error may carry a whole file in its message. */
const LONGEST = 20_000;

function bounded(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)} [${(text.length - LONGEST).toLocaleString('en-US')} characters more]`;
}

/** @param source - the cell's text, for the lines that diagnostics point to. */
export function describeFailure(error: unknown, source = ''): Failure {
  const { ename, evalue, traceback } = describeWhole(error, source);
  return { ename: bounded(ename), evalue: bounded(evalue), traceback: traceback.map(bounded) };
}

function describeWhole(error: unknown, source: string): Failure {
  if (error instanceof CompileError) {
    const traceback = error.diagnostics.flatMap(d => [describe(d), ...excerpt(source, d)]);
    return { ename: error.name, evalue: error.message, traceback };
  }
  if (error instanceof KeyboardInterrupt)
    return { ename: error.name, evalue: error.message, traceback: [`${error.name}: ${error.message}`] };
  if (!isError(error)) {
    const evalue = typeof error === 'string' ? error : inspect(error);
    return { ename: 'Thrown', evalue, traceback: [format('Thrown:', error)] };
  }
  // An explained failure is mended in the cell: the frames inside this package would only bury the message.
  const explained = error instanceof HySimError;
  const traceback = cleanStack(inspectError(error), mapFrame).filter(
    line => !explained || !OWN_FRAME.test(line)
  );
  const ename = String(error.name || error.constructor?.name || 'Error');
  return { ename, evalue: String(error.message), traceback };
}

/** Errors of another realm or with a hostile prototype still count when they look like one. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** With causes and own fields, as Node prints it; a getter that throws must not hide the error. */
function inspectError(error: Error): string {
  try {
    return inspect(error, { depth: 3 });
  } catch {
    return String(error.stack ?? `${error.name}: ${error.message}`);
  }
}
