/** Galata on an installed Chromium: HYSIM_CHROMIUM names it. Playwright's own browsers are not downloaded. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { findChromium } from '../../scripts/checks/chromium.mjs';
import { testEnv } from '../../scripts/setup/paths.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const port = process.env['HYSIM_TEST_PORT'] ?? '8917';
const chromium = findChromium();
if (!chromium) {
  throw new Error(
    'No Chromium was found: install one (Debian: apt install chromium) or name it in HYSIM_CHROMIUM.'
  );
}

export default defineConfig({
  testDir: '.',
  outputDir: `${root}/test-results`,
  reporter: 'list',
  timeout: 90_000,
  // A picture that nobody has looked at is no reference: new ones are made with --update-snapshots, on purpose.
  updateSnapshots: 'none',
  snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}',
  // Machines draw letters' edges a little differently; a mark that moves or goes is more than that.
  expect: { toHaveScreenshot: { maxDiffPixelRatio: 0.02, animations: 'disabled', caret: 'hide' } },
  // One server and one browser: two at a time only slow each other down.
  workers: 1,
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1280, height: 900 },
    // Playwright records with a program that it would have to download.
    video: 'off',
    trace: 'off',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader'
      ]
    }
  },
  webServer: {
    command: 'jupyter lab --config test/browser/jupyter_server_test_config.py',
    cwd: root,
    env: testEnv(root) as Record<string, string>,
    url: `http://127.0.0.1:${port}/lab`,
    timeout: 120_000,
    reuseExistingServer: false
  }
});
