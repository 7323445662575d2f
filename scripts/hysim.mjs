#!/usr/bin/env node
// The `hysim` command in a clone: finds the compiled program and the Python of the set-up, and hands on. What the
// command does is in kernel/cli/.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, jupyterEnv, venvPython } from './setup/paths.mjs';

const program = path.join(ROOT, 'lib', 'kernel', 'cli', 'index.js');
if (!fs.existsSync(program)) {
  console.error('hysim is not set up yet. Run npm start first.');
  process.exit(1);
}
const { main } = /** @type {typeof import('../lib/kernel/cli/index.js')} */ (
  await import(pathToFileURL(program).href)
);

// A cell that runs is ended by Python, which gets the same signal; what was saved stays saved.
let stopped = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => (stopped = true));

const python = { program: venvPython(ROOT), env: jupyterEnv(ROOT), root: ROOT };
const code = await main(process.argv.slice(2), python, {
  out: text => void process.stdout.write(text),
  err: text => void process.stderr.write(text)
});
process.exitCode = stopped ? 130 : code;
