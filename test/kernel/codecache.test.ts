/** The cache of compiled code is a help and never more: with it, without it and with a spoilt one a file loads. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadCached } from '../../kernel/cell/codecache.js';

const folder = mkdtempSync(join(tmpdir(), 'hysim-codecache-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'library.cjs');
writeFileSync(
  file,
  'exports.twice = x => 2 * x; exports.name = __filename; exports.path = require("node:path"); exports.self = module;'
);
const caches = join(folder, 'deep', 'cache');

interface Library {
  twice(x: number): number;
  name: string;
  path: { join: unknown };
  self: { loaded: boolean };
}

function check(loaded: { exports: unknown }): void {
  const { twice, name, path, self } = loaded.exports as Library;
  assert.deepEqual([twice(4), name, typeof path.join, self.loaded], [8, file, 'function', true]);
}

test('the first load makes a cache that the second takes', () => {
  const first = loadCached(file, caches);
  check(first);
  assert.equal(first.cached, false);
  assert.equal(first.save(), true);
  const second = loadCached(file, caches);
  check(second);
  assert.equal(second.cached, true);
  assert.deepEqual(
    readdirSync(caches).filter(name => !name.endsWith('.bin')),
    [],
    'nothing half-written is left'
  );
});

test('a cache that was cut short or changed is not taken', () => {
  const path = join(caches, readdirSync(caches)[0]!);
  const whole = readFileSync(path);
  const changed = Buffer.from(whole);
  changed[changed.length - 9]! ^= 1;
  for (const spoilt of [whole.subarray(0, whole.length / 2), changed, Buffer.alloc(0)]) {
    writeFileSync(path, spoilt);
    const loaded = loadCached(file, caches);
    check(loaded);
    assert.equal(loaded.cached, false);
  }
});

test('a cache of another text is not taken', () => {
  loadCached(file, caches).save();
  writeFileSync(file, readFileSync(file, 'utf8').replace('2 * x', 'x + x + 0'));
  const loaded = loadCached(file, caches);
  check(loaded);
  assert.equal(loaded.cached, false);
});

test('where nothing can be written, the file loads all the same', () => {
  const loaded = loadCached(file, join(file, 'cache'));
  check(loaded);
  assert.equal(loaded.save(), false);
});
