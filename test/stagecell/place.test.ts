/** The call behind what a cell shows is found as a person would find it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { callThatMade, shownVariable } from '../../common/stagecell/index.js';

/** `cell:output` of the call found for the last cell, or for another. */
function found(stage: string, sources: string[], at = sources.length - 1): string | undefined {
  const place = callThatMade(sources, at, stage);
  return place && `${place.cell}:${place.call.output?.name ?? ''}`;
}

test('in its own cell, the call whose result the last line names; else the last', () => {
  const two = 'const a = await hysim.denoise({ space });\nconst b = await hysim.denoise({ space });\n';
  assert.equal(found('denoise', [`${two}a`]), '0:a');
  assert.equal(found('denoise', [`${two}b // shown`]), '0:b');
  assert.equal(found('denoise', [two]), '0:b');
  assert.equal(found('denoise', [`${two}console.log(1, 2);`]), '0:b');
  assert.equal(found('denoise', ['await hysim.denoise({ space })']), '0:');
});

test('a cell that shows a variable from above is followed to the cell that assigned it', () => {
  const cells = [
    'const a = await hysim.denoise({ space });',
    'const b = await hysim.denoise({ space });',
    'const space = await hysim.embed({ data });'
  ];
  assert.equal(found('denoise', [...cells, 'a']), '0:a');
  assert.equal(found('denoise', [...cells, 'b']), '1:b');
  assert.equal(found('denoise', [...cells, 'c']), '1:b');
  assert.equal(found('embed', [...cells, 'a']), '2:space');
  // Its own call made something else.
  assert.equal(found('denoise', [...cells, 'const c = await hysim.denoise({ space }); a']), '0:a');
});

test('cells below do not count, and of cells that assign the same name the nearest does', () => {
  const cells = [
    'let a = await hysim.denoise({ space })',
    'a = await hysim.denoise({ space: other })',
    'a',
    'a'
  ];
  assert.equal(found('denoise', cells), '1:a');
  assert.equal(found('denoise', cells, 0), '0:a');
  assert.equal(found('denoise', ['a', cells[0]!], 0), undefined);
  assert.equal(found('weigh', cells), undefined);
});

test('the library’s own name in the notebook is known from any cell', () => {
  assert.equal(
    found('denoise', ['import * as hs from "hysim-lab"', 'const a = await hs.denoise({ space })\na']),
    '1:a'
  );
});

test('the variable that a cell shows is read off its last line', () => {
  const cases: [string, string | undefined][] = [
    ['x', 'x'],
    ['1;\n(x);\n// done', 'x'],
    ['await x', 'x'],
    ['x.rows', 'x'],
    ['x!', 'x'],
    ['display(x)', 'x'],
    ['x.view()', 'x'],
    ['display(x, y)', undefined],
    ['x + y', undefined],
    ['const x = 1', undefined],
    ['', undefined]
  ];
  for (const [source, expected] of cases) assert.equal(shownVariable(source), expected, source);
});
