/** An interpreter in a folder of its own, without Jupyter around it, for tests of cells. One a test file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { Interpreter, type Outcome } from '../../kernel/cell/index.js';
import { findInstall } from '../../kernel/cell/install.js';

/** Moves the process into a temporary folder until the tests have ended: cells see the working directory. */
export function makeInterpreter(name: string): {
  folder: string;
  interpreter: Interpreter;
  run(source: string): Promise<Outcome>;
  /** Number of the cell that ran last, as tracebacks call it. */
  ran(): number;
} {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), `hysim-${name}-`));
  process.chdir(folder);
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });
  const interpreter = new Interpreter({
    install: findInstall(),
    folder: process.cwd(),
    writeDisplay: () => undefined,
    compiling: () => undefined
  });
  let count = 0;
  const run = (source: string): Promise<Outcome> =>
    new Promise(resolve => interpreter.execute(source, ++count, resolve));
  return { folder, interpreter, run, ran: () => count };
}
