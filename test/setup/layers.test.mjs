// The direction of imports: every rule of .dependency-cruiser.cjs catches what it is for, in a small tree made for
// it, and lets pass what ARCHITECTURE.md allows. The project's own tree is the check "layers".
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../../scripts/setup/paths.mjs';

const temporary = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'hysim-layers-')));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

let trees = 0;

/**
 * @param {Record<string, string[]>} files name -> what it imports, relative to the root or a bare module name
 * @returns {string[]} the violations, each as "rule file"
 */
function violations(files) {
  const root = path.join(temporary, String(trees++));
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'tree', type: 'module' }));
  fs.copyFileSync(path.join(ROOT, 'tsconfig.base.json'), path.join(root, 'tsconfig.base.json'));
  for (const [name, imports] of Object.entries(files)) {
    const lines = imports.map(target => {
      if (!target.includes('/') || target.startsWith('node:')) return `import '${target}';`;
      const from = path.posix.relative(path.posix.dirname(name), target).replace(/\.ts$/, '.js');
      return `import '${from.startsWith('.') ? from : `./${from}`}';`;
    });
    fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), [...lines, 'export {};\n'].join('\n'));
  }
  const cruiser = path.join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const config = path.join(ROOT, '.dependency-cruiser.cjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cruiser, '--config', config, '--output-type', 'json', 'common', 'kernel', 'src'],
    { cwd: root, encoding: 'utf8' }
  );
  assert.ok(stdout, stderr);
  /** @type {{ summary: { violations: { from: string, rule: { name: string } }[] } }} */
  const report = JSON.parse(stdout);
  return report.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
}

test('imports in the allowed direction, through the front door, break nothing', () => {
  assert.deepEqual(
    violations({
      'common/a.ts': [],
      'common/b.ts': ['common/a.ts'],
      'kernel/theory/index.ts': ['kernel/wasm/index.ts'],
      'kernel/cell/index.ts': ['common/a.ts', 'kernel/cell/inner.ts'],
      'kernel/cell/inner.ts': ['node:fs'],
      'kernel/jupyter/main.ts': ['kernel/cell/index.ts'],
      'kernel/onnx/index.ts': ['common/a.ts'],
      'kernel/wasm/index.ts': [],
      'kernel/engine/index.ts': ['kernel/onnx/index.ts', 'kernel/wasm/index.ts', 'kernel/theory/index.ts'],
      'kernel/stages/index.ts': ['kernel/engine/index.ts', 'kernel/theory/index.ts'],
      'src/views/index.ts': ['common/a.ts'],
      'src/plugin.ts': ['src/views/index.ts']
    }),
    []
  );
});

/** @type {[rule: string, from: string, to: string][]} */
const FORBIDDEN = [
  ['common-alone', 'common/b.ts', 'kernel/theory/index.ts'],
  ['src-common-only', 'src/b.ts', 'kernel/theory/index.ts'],
  ['kernel-theory', 'kernel/theory/b.ts', 'kernel/onnx/index.ts'],
  ['kernel-onnx', 'kernel/onnx/b.ts', 'kernel/theory/index.ts'],
  ['kernel-pk', 'kernel/pk/b.ts', 'kernel/theory/index.ts'],
  ['kernel-store', 'kernel/store/b.ts', 'kernel/theory/index.ts'],
  ['kernel-views', 'kernel/views/b.ts', 'kernel/theory/index.ts'],
  ['kernel-cell', 'kernel/cell/b.ts', 'kernel/jupyter/index.ts'],
  ['kernel-jupyter', 'kernel/jupyter/b.ts', 'kernel/stages/index.ts'],
  ['kernel-engine', 'kernel/engine/b.ts', 'kernel/pk/index.ts'],
  ['kernel-stages', 'kernel/stages/b.ts', 'kernel/cell/index.ts'],
  ['kernel-wasm', 'kernel/wasm/b.ts', 'common/a.ts'],
  ['no-node-in-common-or-src', 'common/c.ts', 'node:fs'],
  ['no-node-in-common-or-src', 'src/c.ts', 'path'],
  ['front-door-of-a-layer', 'kernel/stages/c.ts', 'kernel/theory/inner.ts'],
  ['front-door-of-a-library', 'src/d.ts', 'src/views/inner.ts'],
  ['no-cycle', 'common/d.ts', 'common/e.ts'],
  ['resolvable', 'common/f.ts', 'common/nowhere.ts']
];

test('every import in a forbidden direction is caught by its rule', () => {
  const layers = ['jupyter', 'cell', 'stages', 'theory', 'wasm', 'onnx', 'engine', 'pk', 'store', 'views'];
  const found = violations({
    'common/a.ts': [],
    'common/e.ts': ['common/d.ts'],
    'kernel/theory/inner.ts': [],
    'src/views/inner.ts': [],
    ...Object.fromEntries(layers.map(layer => [`kernel/${layer}/index.ts`, []])),
    ...Object.fromEntries(FORBIDDEN.map(([, from, to]) => [from, [to]]))
  });
  for (const [rule, from] of FORBIDDEN) {
    assert.ok(found.includes(`${rule} ${from}`), `${rule} ${from} is not among\n${found.join('\n')}`);
  }
});
