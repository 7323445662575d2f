// Compiles each file of kernel/wasm/assembly to lib/kernel/wasm/NAME.wasm. Files in folders there are parts of others.
// Only what is older than its sources is compiled; a module appears whole or not at all.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './setup/paths.mjs';
import { filesUnder } from './setup/stamp.mjs';

const sources = path.join(ROOT, 'kernel', 'wasm', 'assembly');
const output = path.join(ROOT, 'lib', 'kernel', 'wasm');

const files = filesUnder(sources).filter(file => file.endsWith('.ts'));
const newest = Math.max(...[...files, fileURLToPath(import.meta.url)].map(file => fs.statSync(file).mtimeMs));
const modules = files
  .filter(file => path.dirname(file) === sources)
  .map(file => ({ file, to: path.join(output, path.basename(file, '.ts') + '.wasm') }));
const due = modules.filter(({ to }) => !fs.existsSync(to) || fs.statSync(to).mtimeMs < newest);

fs.mkdirSync(output, { recursive: true });
// A module whose source is gone would go on working.
for (const name of fs.readdirSync(output))
  if (name.endsWith('.wasm') && !modules.some(({ to }) => path.basename(to) === name))
    fs.rmSync(path.join(output, name));

if (due.length > 0) {
  const asc = (await import('assemblyscript/asc')).default;
  for (const { file, to } of due) {
    const made = `${to}.new`;
    const { error, stderr } = await asc.main([
      path.relative(ROOT, file),
      ...['--baseDir', ROOT, '--outFile', path.relative(ROOT, made)],
      ...['--runtime', 'stub', '--enable', 'simd', '--noAssert', '-O3'],
      ...['--use', 'abort=']
    ]);
    if (error) {
      console.error(stderr.toString() || error.message);
      process.exit(1);
    }
    fs.renameSync(made, to);
  }
}
