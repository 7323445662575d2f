/** Safetensors files: written whole or not at all, and every damage to a header is named. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ModelError } from '../../common/errors.js';
import { float32Entry, openSafetensors, readFloat32, writeSafetensors } from '../../kernel/onnx/index.js';

const folder = mkdtempSync(join(tmpdir(), 'hysim-safetensors-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, header: unknown, numbers = 0): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([lead, json, Buffer.alloc(numbers)]));
  return path;
}

test('what is written is read back, with its metadata, and numbers begin at a multiple of 8 bytes', () => {
  const path = join(folder, 'round.safetensors');
  const b = Float32Array.of(1, -0, 3e-39, 4, 5, Infinity);
  writeSafetensors(
    path,
    new Map([
      ['a.weight', { shape: [1], data: Float32Array.of(7) }],
      ['b', { shape: [2, 3], data: b.subarray(0) }]
    ]),
    { format: 'pt' }
  );
  const opened = openSafetensors(path);
  assert.deepEqual(opened.metadata, { format: 'pt' });
  assert.deepEqual(opened.tensors.get('b')!.shape, [2, 3]);
  assert.deepEqual(readFloat32(opened, 'b'), b);
  assert.deepEqual([...readFloat32(opened, 'a.weight')], [7]);
  assert.equal(Number(readFileSync(path).readBigUInt64LE()) % 8, 0);
  assert.deepEqual(readdirSync(folder), ['round.safetensors'], 'no temporary file is left');
});

test('a write that fails leaves the old file and nothing else', () => {
  const path = join(folder, 'old.safetensors');
  writeSafetensors(path, new Map([['a', { shape: [1], data: Float32Array.of(7) }]]));
  mkdirSync(join(folder, 'taken', 'full'), { recursive: true });
  const before = readdirSync(folder);
  assert.throws(
    () => writeSafetensors(path, new Map([['a', { shape: [2], data: Float32Array.of(8) }]])),
    /Tensor a: shape \[2\] does not hold 1/
  );
  assert.throws(() => writeSafetensors(join(folder, 'absent', 'x'), new Map()), /ENOENT/);
  // All is written when the last step, the renaming onto a folder, fails.
  assert.throws(() => writeSafetensors(join(folder, 'taken'), new Map()), /EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  assert.deepEqual([...readFloat32(openSafetensors(path), 'a')], [7]);
  assert.deepEqual(readdirSync(folder), before);
});

const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
const damages: [string, () => string, RegExp][] = [
  ['a missing file', () => join(folder, 'none.safetensors'), /none\.safetensors cannot be read/],
  ['an empty file', () => (writeFileSync(join(folder, 'empty'), ''), join(folder, 'empty')), /no header/],
  [
    'a header longer than the file',
    () => (writeFileSync(join(folder, 'long'), Buffer.alloc(9, 1)), join(folder, 'long')),
    /claims/
  ],
  ['a header that is not JSON', () => file('text', 'hello'), /not JSON/],
  [
    'an unknown type',
    () => file('type', { a: { ...entry, dtype: 'F7' } }, 8),
    /tensor a has the unknown type F7/
  ],
  ['a negative size', () => file('negative', { a: { ...entry, shape: [-2] } }, 8), /tensor a has no shape/],
  [
    'a range that does not fit the shape',
    () => file('range', { a: { ...entry, shape: [3] } }, 8),
    /8 bytes where its shape needs 12/
  ],
  ['a file that was cut short', () => file('cut', { a: entry }, 4), /cut short/]
];
for (const [name, make, says] of damages) {
  test(`${name} is a ModelError with the file's path`, () => {
    const path = make();
    assert.throws(
      () => openSafetensors(path),
      (error: Error) => error instanceof ModelError && error.path === path && says.test(error.message)
    );
  });
}

test('a tensor that is absent or of another shape is a ModelError that says which', () => {
  const opened = openSafetensors(file('shape', { a: entry }, 8));
  assert.throws(() => float32Entry(opened, 'b', [2]), /has no tensor b/);
  assert.throws(
    () => float32Entry(opened, 'a', [3]),
    /tensor a is F32 \[2\] where config.json asks for F32 \[3\]/
  );
});
