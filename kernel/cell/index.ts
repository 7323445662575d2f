/** Runs TypeScript cells: compiler, shared scope, rich display. No protocol. */
export type { Buffers, Comm, CommMessage, JupyterApi } from './api.js';
export type { Completions, Match } from './assist.js';
export type { Completeness } from './compiler.js';
export { describeFailure, KeyboardInterrupt, type Failure } from './errors.js';
export { Interpreter, type InterpreterOptions } from './interpreter.js';
export type { Outcome } from './runner.js';
export { saveCompiledTypeScript } from './typescript.js';
