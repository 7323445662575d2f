// Finds the browser for the tests: Debian's chromium or a Chrome. Nothing is downloaded.
import fs from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * @param {NodeJS.ProcessEnv} [env] HYSIM_CHROMIUM names one; else the first on PATH is taken
 * @returns {string | undefined}
 */
export function findChromium(env = process.env) {
  const named = env['HYSIM_CHROMIUM'];
  if (named) return fs.existsSync(named) ? named : undefined;
  const places = (env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const found = places.flatMap(place => NAMES.map(name => path.join(place, name)));
  return [...found, ...(process.platform === 'darwin' ? [MAC] : [])].find(file => fs.existsSync(file));
}
