/** Stacks are cut down to what a person can act on, and frames point into the cell as it was written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapFrame, rememberCell } from '../../kernel/cell/frames.js';
import { cleanStack } from '../../kernel/cell/traceback.js';

test('frames of Node, tslab and the kernel are left out, the rest stays', () => {
  const stack = [
    'RangeError: too far',
    '    at helper (cell[2]:3:9)',
    '    at Object.<anonymous> (cell[3]:1:1)',
    '    at mean (/home/me/node_modules/d3-array/src/mean.js:4:2)',
    '    at Runner.start (file:///opt/hysim/lib/kernel/cell/runner.js:70:12)',
    '    at Immediate.<anonymous> (file:///opt/hysim/lib/kernel/jupyter/execution.js:70:12)',
    '    at execute (/opt/node_modules/tslab/dist/executor.js:10:1)',
    '    at Script.runInThisContext (node:vm:122:12)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)'
  ].join('\n');
  assert.deepEqual(cleanStack(stack), [
    'RangeError: too far',
    '    at helper (cell[2]:3:9)',
    '    at cell[3]:1:1',
    '    at mean (/home/me/node_modules/d3-array/src/mean.js:4:2)'
  ]);
});

test('a message that speaks of frames is not taken for one', () => {
  const stack = 'Error: see cell[1]:1:1\nat node:vm you will find more';
  assert.deepEqual(
    cleanStack(stack, () => undefined),
    ['Error: see cell[1]:1:1', 'at node:vm you will find more']
  );
});

test('the excerpt of emitted JavaScript that Node puts above an error is dropped', () => {
  const stack =
    'cell[4]:2\nexports.x = y;\n            ^\n\nReferenceError: y is not defined\n    at cell[4]:2:13';
  assert.deepEqual(cleanStack(stack), ['ReferenceError: y is not defined', '    at cell[4]:2:13']);
});

test('a function of an earlier cell loses the object that it was called through', () => {
  assert.deepEqual(cleanStack('Error: x\n    at Object.deep (cell[2]:1:1)'), [
    'Error: x',
    '    at deep (cell[2]:1:1)'
  ]);
});

const SOURCE =
  'interface A { x: number }\n\nconst limit: number = 2;\nfunction check(a: A): void {\n  throw a;\n}\ncheck({ x: limit });\n';
const SCRIPT =
  '(function(exports, require) {Object.defineProperty(exports, "x", {});\nconst limit = 2;\nexports.limit = limit;\nfunction check(a) {\n    throw a;\n}\nexports.check = check;\ncheck({ x: limit });\n})(...globalThis.x)';

test('a place in the script is mapped to the same token in the source', () => {
  rememberCell('cell[901]', SOURCE, SCRIPT);
  assert.equal(mapFrame('cell[901]', 5, 5), 'cell[901]:5:3');
  assert.equal(mapFrame('cell[901]', 8, 1), 'cell[901]:7:1');
  assert.equal(mapFrame('cell[901]', 2, 15), 'cell[901]:3:23');
});

test('the call around a cell is no frame of the cell', () => {
  rememberCell('cell[902]', SOURCE, SCRIPT);
  assert.equal(mapFrame('cell[902]', 9, 3), undefined);
});

test('a cell that is not known keeps the place as it came', () => {
  assert.equal(mapFrame('cell[903]', 4, 2), 'cell[903]:4:2');
});
