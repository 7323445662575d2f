// `npm run bench -- NAME`: measures one thing against its peers and prints one JSON object a line,
// {"name", "case", "ours", "peer", "peerName", "ratio", "unit"} with ratio = ours / peer; below 1 is better.
// What a bench measures, and how, is said in its own file. Nothing here is a test.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { jupyterEnv, venvPython } from '../scripts/setup/paths.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const BENCHES = {
  kernel: 'kernel.py',
  denoise: 'denoise.mjs',
  dataflow: 'dataflow.mjs',
  certify: 'certify.mjs',
  manifold: 'manifold.mjs',
  ratio: 'ratio.mjs'
};
const [name, ...options] = process.argv.slice(2);

if (!name || !Object.hasOwn(BENCHES, name)) {
  console.error(
    `Usage: npm run bench -- NAME [options]. The benches are ${Object.keys(BENCHES).join(', ')}.`
  );
  process.exit(2);
}
const file = path.join(root, 'bench', BENCHES[name]);
const python = venvPython(root);
if (file.endsWith('.py') && !existsSync(python)) {
  console.error('Run `npm start -- --headless` once: the bench needs the environment that it sets up.');
  process.exit(2);
}
const child = spawn(file.endsWith('.py') ? python : process.execPath, [file, ...options], {
  cwd: root,
  stdio: 'inherit',
  env: { ...jupyterEnv(root), HYSIM_NODE: process.execPath }
});
child.on('exit', code => process.exit(code ?? 1));
