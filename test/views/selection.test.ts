/** The selection that a notebook's views share, and what a picture's gestures put into it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewPayload } from '../../common/views/index.js';
import { packCategories, packNumbers } from '../../common/views/index.js';
import { front } from './front.js';
import { samples } from './samples.js';

interface Selected {
  data: string;
  rows: ReadonlySet<number>;
  words: string;
  source: object;
}
interface Selection {
  of(data: string | undefined): Selected | undefined;
  commit(gesture: Selected, combine?: 'replace' | 'add' | 'remove'): void;
  clear(): void;
  undo(): boolean;
  readonly canUndo: boolean;
  readonly changed: { connect(slot: () => void): void };
}
interface Interaction {
  selection: Selection;
  own: Record<string, unknown> & { gamma?: Map<number, number>; brush?: unknown };
  readonly dataId: string;
  brush(panel: number, range: { from: number; to: number } | undefined, moving: boolean, how: string): void;
  choose(points: readonly number[], words: string, how: string): void;
  togglePoint(index: number): void;
  gammaStep(by: number): void;
  gammaTo(where: 'first' | 'star'): void;
  escape(): void;
  renew(before: ViewPayload | undefined, next: ViewPayload): void;
}

const { Selection } = await front<{ Selection: new () => Selection }>('views/selection.js');
const { Interaction } = await front<{ Interaction: new (host: unknown, name: string) => Interaction }>(
  'views/interaction.js'
);

const view = {};
const gesture = (rows: number[], data = 'd'): Selected => ({
  data,
  rows: new Set(rows),
  words: 'lasso',
  source: view
});
const rows = (selection: Selection, data = 'd'): number[] =>
  [...(selection.of(data)?.rows ?? [])].sort((a, b) => a - b);

test('gestures replace, add and remove, and each can be taken back', () => {
  const selection = new Selection();
  let told = 0;
  selection.changed.connect(() => void told++);
  selection.commit(gesture([1, 2, 3]));
  selection.commit(gesture([3, 4]), 'add');
  assert.deepEqual(rows(selection), [1, 2, 3, 4]);
  selection.commit(gesture([2]), 'remove');
  assert.deepEqual(rows(selection), [1, 3, 4]);
  selection.commit(gesture([9]));
  assert.deepEqual(rows(selection), [9]);
  for (const expected of [[1, 3, 4], [1, 2, 3, 4], [1, 2, 3], []]) {
    assert.equal(selection.undo(), true);
    assert.deepEqual(rows(selection), expected);
  }
  assert.equal(selection.undo(), false);
  assert.equal(told, 8);
});

test('rows of other data are another selection, and nothing at all is no selection', () => {
  const selection = new Selection();
  selection.commit(gesture([1, 2]));
  assert.equal(selection.of('other'), undefined);
  selection.commit(gesture([1], 'other'), 'add');
  assert.deepEqual(rows(selection, 'other'), [1], 'numbers in other data add to nothing');
  selection.commit(gesture([1], 'other'), 'remove');
  assert.equal(selection.of('other'), undefined);
});

const payload: ViewPayload = {
  kind: 'distribution',
  version: 1,
  title: 'Weights',
  note: 'nothing',
  facts: [],
  panels: [
    {
      title: 'ratio',
      xLabel: 'ratio',
      yLabel: 'share',
      scale: 'linear',
      edges: [0, 1, 2],
      series: [{ name: 'source', role: 'source', heights: [0.5, 0.5] }],
      curves: [],
      marks: [],
      points: {
        values: packNumbers([0.2, 0.4, 1.5]),
        series: packCategories(['source', 'source', 'source']),
        rows: { data: 'd', index: packNumbers([10, 11, 12]) }
      }
    }
  ]
};

function picture(shown: ViewPayload): Interaction {
  const host = {
    payload: shown,
    drawn: { points: { x: [], y: [], rows: Float32Array.of(10, 11, 12) }, plots: [], regions: [] },
    ink: '#000',
    redraw: () => undefined,
    sync: () => undefined,
    tip: () => undefined,
    cancelGesture: () => false
  };
  return new Interaction(host, 'own');
}

test('a brush selects rows of the data once, when it is let go', () => {
  const act = picture(payload);
  act.brush(0, { from: 0, to: 1 }, true, 'replace');
  assert.equal(act.selection.of('d'), undefined, 'a preview selects nothing');
  act.brush(0, { from: 0, to: 1 }, false, 'replace');
  assert.deepEqual(rows(act.selection), [10, 11]);
  assert.match(act.selection.of('d')!.words, /ratio 0\.00 to 1\.00/);
  act.escape();
  assert.deepEqual(rows(act.selection), []);
  assert.equal(act.own.brush, undefined);
});

test('drawn points are selected by their numbers in the data, one by one or together', () => {
  const act = picture(payload);
  act.choose([0, 2], 'lasso', 'replace');
  assert.deepEqual(rows(act.selection), [10, 12]);
  act.togglePoint(1);
  act.togglePoint(0);
  assert.deepEqual(rows(act.selection), [11, 12]);
});

test('Γ moves by one step of its grid, stops at its ends, and finds the break-even', () => {
  const certificate = samples().find(one => one.kind === 'certificate')!;
  assert.ok(certificate.kind === 'certificate');
  const at = certificate.blocks.findIndex(block => block.gamma);
  const { grid, star } = certificate.blocks[at]!.gamma!;
  const act = picture(certificate);
  act.gammaTo('first');
  assert.equal(act.own.gamma!.get(at), 0);
  act.gammaStep(-1);
  assert.equal(act.own.gamma!.get(at), 0);
  act.gammaStep(1);
  assert.equal(act.own.gamma!.get(at), 1);
  act.gammaTo('star');
  const nearest = Math.min(...grid.map(g => Math.abs(g - star!)));
  assert.equal(Math.abs(grid[act.own.gamma!.get(at)!]! - star!), nearest);
  for (let i = 0; i < 300; i++) act.gammaStep(1);
  assert.equal(act.own.gamma!.get(at), grid.length - 1);
});

test('a view that is sent again keeps the colour while there is such a column', () => {
  const embedding = samples().find(one => one.kind === 'embedding')!;
  assert.ok(embedding.kind === 'embedding');
  const act = picture(embedding);
  const colour = embedding.columns.at(-1)!.name;
  act.own['colour'] = colour;
  act.renew(embedding, embedding);
  assert.equal(act.own['colour'], colour);
  act.renew(embedding, { ...embedding, columns: embedding.columns.slice(0, 1) });
  assert.equal(act.own['colour'], undefined);
});
