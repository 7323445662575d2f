// One set-up at a time in a clone: two `npm ci` in one node_modules would break it.
import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Takes the lock, waiting for another living set-up to end; the lock of a dead one is taken over.
 * @param {string} file
 * @param {(pid: number) => void} onWait called once, when there is someone to wait for
 * @returns {Promise<() => void>} gives the lock back
 */
export async function takeLock(file, onWait) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let waited = false;
  for (let empty = 0; empty < 20;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      const release = () => fs.rmSync(file, { force: true });
      process.once('exit', release);
      return () => {
        process.off('exit', release);
        release();
      };
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 0);
    // A lock just made is empty for a moment: it is given that moment before it counts as abandoned.
    if (owner === 0) empty++;
    if (owner === process.pid || empty === 10 || (owner > 0 && !alive(owner))) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (owner > 0 && !waited) onWait(owner);
    waited ||= owner > 0;
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw new SetupError(`The lock ${file} cannot be taken. Remove it and run the same command again.`);
}
