// `npm run snapshots`: draws the reference pictures of test/browser/snapshots anew. Look at them before they are kept.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { findChromium } from './checks/chromium.mjs';
import { testEnv } from './setup/paths.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const chromium = findChromium();
if (!chromium) {
  console.error(
    'No Chromium was found: install one (Debian: apt install chromium) or name it in HYSIM_CHROMIUM.'
  );
  process.exit(2);
}
const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
const options = ['test', '--config', 'test/browser', '--update-snapshots=all', 'gallery.spec'];
const child = spawn(process.execPath, [cli, ...options, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...testEnv(root), HYSIM_CHROMIUM: chromium }
});
child.on('exit', code => process.exit(code ?? 1));
