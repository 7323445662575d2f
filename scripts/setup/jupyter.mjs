// Makes the clone's Jupyter know our kernel and our extension. Everything lies in .venv/share/jupyter, where only
// this virtual environment's Jupyter looks.
import fs from 'node:fs';
import path from 'node:path';
import { kernelMain } from './build.mjs';
import { writeWhole } from './stamp.mjs';

/**
 * The kernel's specification. Paths are absolute: Jupyter starts kernels from the notebook's folder.
 * @param {string} root
 */
export function kernelspec(root) {
  return {
    argv: [process.execPath, '--no-force-async-hooks-checks', kernelMain(root), '{connection_file}'],
    display_name: 'HySim (TypeScript)',
    language: 'typescript',
    interrupt_mode: 'message',
    env: { ORT_DISABLE_TELEMETRY: '1' }
  };
}

/**
 * Writes the kernelspec, links the extension, and sets JupyterLab's defaults: it asks nobody about news.
 * Cheap, so it is done every time and has no stamp.
 * @param {string} root
 */
export function installJupyter(root) {
  const share = path.join(root, '.venv', 'share', 'jupyter');
  const spec = path.join(share, 'kernels', 'hysim');
  // Jupyter's own scripts are CommonJS; without this Node would read them as package.json above says: as modules.
  writeWhole(path.join(root, '.venv', 'package.json'), '{ "private": true, "type": "commonjs" }\n');
  fs.mkdirSync(spec, { recursive: true });
  const assets = path.join(root, 'hysim_lab', 'kernelspec');
  if (fs.existsSync(assets)) {
    for (const name of fs.readdirSync(assets).filter(file => /^logo-.*\.(png|svg)$/.test(file))) {
      fs.copyFileSync(path.join(assets, name), path.join(spec, name));
    }
  }
  writeWhole(path.join(spec, 'kernel.json'), `${JSON.stringify(kernelspec(root), null, 2)}\n`);
  link(path.join(root, 'hysim_lab', 'labextension'), path.join(share, 'labextensions', 'hysim-lab'));
  const settings = {
    '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false }
  };
  writeWhole(path.join(share, 'lab', 'settings', 'overrides.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/**
 * @param {string} target
 * @param {string} place
 */
function link(target, place) {
  const there = fs.lstatSync(place, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && path.resolve(path.dirname(place), fs.readlinkSync(place)) === target) return;
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(place), { recursive: true });
  // A junction needs no rights on Windows; elsewhere the type is ignored.
  fs.symlinkSync(target, place, 'junction');
}
