// Bundles the JupyterLab extension into hysim_lab/labextension with the virtual environment's jupyter-builder.
// Compiles src/ first; does nothing when nothing it reads has changed. --force builds anyway.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf } from './setup/stamp.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OUTPUT = path.join(ROOT, 'hysim_lab', 'labextension');
const STAMP = path.join(OUTPUT, '.hysim-stamp');
const READS = ['common', 'src', 'style', 'schema', 'package.json', 'package-lock.json', 'tsconfig.base.json'];

/** The builder of the clone's own environment, else the one on PATH (a build by pip). */
function builder() {
  const windows = process.platform === 'win32';
  const name = windows ? 'jupyter-builder.exe' : 'jupyter-builder';
  const own = path.join(ROOT, '.venv', windows ? 'Scripts' : 'bin', name);
  return fs.existsSync(own) ? own : name;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) {
    console.error(
      `${command} could not be started: ${error.message}. Run npm start, which sets everything up.`
    );
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}

const key = hashOf(ROOT, READS);
const built = fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === key;
if (built && !process.argv.includes('--force')) {
  console.log('hysim_lab/labextension is up to date.');
} else {
  run(process.execPath, [path.join('node_modules', 'typescript', 'bin', 'tsc'), '-b', 'src']);
  run(builder(), ['build', '.']);
  fs.writeFileSync(STAMP, key);
}
