// Stamps: how a second set-up knows what is done already.
//
// A step's stamp is a small file that holds the hash of what the step depends on. It is taken away before the
// step begins and written when it has ended, whole or not at all: a step that failed or was interrupted has no
// stamp, and is done again. A stamp lies in the folder that it vouches for, so that removing the folder removes
// the stamp too.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * A hash over texts and over the names and contents of files.
 * @param {string} root names are hashed relative to it
 * @param {readonly string[]} files files or folders; what does not exist counts as absent
 * @param {readonly string[]} [texts]
 */
export function hashOf(root, files, texts = []) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`text ${text.length}\n${text}`);
  for (const file of files.flatMap(name => filesUnder(path.join(root, name)))) {
    const content = fs.readFileSync(file);
    hash.update(`file ${path.relative(root, file).split(path.sep).join('/')} ${content.length}\n`);
    hash.update(content);
  }
  return hash.digest('hex');
}

const SKIPPED = new Set(['node_modules', '__pycache__', '.ipynb_checkpoints', '.hysim']);

/**
 * All files under a folder, sorted, without caches; a file is itself; what is absent is nothing.
 * @param {string} place
 * @returns {string[]}
 */
export function filesUnder(place) {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [place];
  return fs
    .readdirSync(place)
    .filter(name => !SKIPPED.has(name))
    .sort()
    .flatMap(name => filesUnder(path.join(place, name)));
}

/**
 * Writes a file whole or not at all.
 * @param {string} file
 * @param {string} content
 */
export function writeWhole(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  fs.writeFileSync(part, content);
  fs.renameSync(part, file);
}

/**
 * @typedef {object} Step
 * @property {string} title as the progress line says it
 * @property {string} stamp the stamp's file
 * @property {() => string} key hash of what the step depends on
 * @property {readonly string[]} makes what must exist for the step to count as done
 * @property {() => Promise<boolean>} [adopt] tells whether what is there, made by hand, is as the step makes it
 * @property {() => Promise<void>} run
 */

/**
 * @param {Step} step
 * @returns {boolean}
 */
export function isDone(step) {
  const stamp = fs.existsSync(step.stamp) ? fs.readFileSync(step.stamp, 'utf8') : '';
  return stamp === step.key() && step.makes.every(file => fs.existsSync(file));
}

/**
 * Does a step unless it is done.
 * @param {Step} step
 * @returns {Promise<'up to date' | 'found in place' | 'done'>}
 */
export async function perform(step) {
  if (isDone(step)) return 'up to date';
  if (!fs.existsSync(step.stamp) && step.makes.every(file => fs.existsSync(file)) && (await step.adopt?.())) {
    writeWhole(step.stamp, step.key());
    return 'found in place';
  }
  // The key is taken first: a source that changes while the step runs makes it stale, not wrongly done.
  const key = step.key();
  fs.rmSync(step.stamp, { force: true });
  await step.run();
  writeWhole(step.stamp, key);
  return 'done';
}
