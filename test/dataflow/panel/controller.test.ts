/** What a person does in the graph becomes edits of the notebook, or the reason why not. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Signal } from '@lumino/signaling';
import type { NotebookEdit, Proposal } from '../../../common/dataflow/index.js';
import { DrawingSteps } from '../../../src/dataflow/drawing-steps.js';
import { GraphController } from '../../../src/dataflow/panel/controller.js';
import type { Drawing, IDataflow, IDataflows } from '../../../src/dataflow/tokens.js';

const EDIT: NotebookEdit = { do: 'delete', cell: 'c1' };

interface Fake {
  readonly controller: GraphController;
  readonly done: string[];
  flow: { selected: string | undefined; drawing: Drawing; ours: boolean };
}

function fake(proposal: Proposal, more: Partial<IDataflow> = {}): Fake {
  const done: string[] = [];
  const answer = (name: string) => (): Proposal => {
    done.push(name);
    return proposal;
  };
  const flow = {
    ours: true,
    selected: 'c1',
    flow: { nodes: [], edges: [], order: [], cycles: [] },
    states: new Map(),
    drawing: { positions: {}, folded: [] } as Drawing,
    propose: {
      connect: answer('connect'),
      disconnect: answer('disconnect'),
      insert: answer('insert'),
      duplicate: answer('duplicate'),
      remove: answer('remove'),
      toggleBypass: answer('bypass'),
      tidyOrder: answer('tidy'),
      palette: () => []
    },
    apply: (edits: readonly NotebookEdit[]) => {
      done.push(`apply ${edits.length}`);
      return Promise.resolve(['new']);
    },
    run: (what: unknown) => {
      done.push(`run ${JSON.stringify(what)}`);
      return Promise.resolve();
    },
    draw(drawing: Drawing) {
      flow.drawing = drawing;
    },
    ...more
  };
  const flows = { current: flow, currentChanged: new Signal({}), of: () => flow } as unknown as IDataflows;
  return { controller: new GraphController(flows), done, flow };
}

test('a proposal is applied and its warnings told, with how to take it back', async () => {
  const { controller, done } = fake({ edits: [EDIT], warnings: ['weigh then lacks clean.'] });
  await controller.remove();
  assert.deepEqual(done, ['remove', 'apply 1']);
  assert.match(controller.message!.text, /deleted.*weigh then lacks clean.*Ctrl Z/);
  assert.equal(controller.message!.kind, 'note');
});

test('a refusal is told, and nothing is applied', async () => {
  const { controller, done } = fake({ reason: 'weigh takes an embedding, and `tables` are tables' });
  await controller.connect({ cell: 'a', name: 'tables' }, { cell: 'b', call: 0, port: 'space' });
  assert.deepEqual(done, ['connect']);
  assert.deepEqual(controller.message, {
    text: 'weigh takes an embedding, and `tables` are tables',
    kind: 'refusal'
  });
});

test('what fails while it is applied is told', async () => {
  const { controller } = fake(
    { edits: [EDIT] },
    { apply: () => Promise.reject(new Error('The cell is locked.')) }
  );
  await controller.bypass();
  assert.deepEqual(controller.message, { text: 'The cell is locked.', kind: 'refusal' });
});

test('Delete takes off the chosen edge before it deletes a cell', async () => {
  const { controller, done } = fake({ edits: [EDIT] });
  controller.edge = { from: 'a', to: 'b', name: 'x', ports: [{ call: 0, port: 'x' }] };
  await controller.remove();
  assert.deepEqual(done, ['disconnect', 'apply 1']);
  assert.equal(controller.edge, undefined);
  await controller.remove();
  assert.deepEqual(done.slice(2), ['remove', 'apply 1']);
});

test('what is inserted is chosen', async () => {
  const { controller, flow } = fake({ edits: [EDIT] });
  await controller.insert('weigh');
  assert.equal(flow.selected, 'new');
});

test('runs need the HySim kernel, and say so', () => {
  const { controller, done, flow } = fake({ edits: [] });
  controller.run('to');
  controller.run('stale');
  assert.deepEqual(done, ['run {"to":"c1"}', 'run "stale"']);
  flow.ours = false;
  controller.run('stale');
  assert.equal(done.length, 2);
  assert.match(controller.message!.text, /HySim kernel/);
});

test('a place and a fold are kept beside those that are there; tidy lets go of the places alone', async () => {
  const { controller, flow } = fake({ edits: [] });
  controller.place('a', [1, 2]);
  controller.place('b', [3, 4]);
  controller.fold();
  assert.deepEqual(flow.drawing, { positions: { a: [1, 2], b: [3, 4] }, folded: ['c1'] });
  await controller.tidy();
  assert.deepEqual(flow.drawing, { positions: {}, folded: ['c1'] });
  controller.fold();
  assert.deepEqual(flow.drawing.folded, []);
});

const drawing = (x: number): Drawing => ({ positions: { a: [x, 0] }, folded: [] });

test('undo takes back places and cells in the order in which they were changed', () => {
  const steps = new DrawingSteps();
  steps.record(drawing(0), { back: 2, again: 0 });
  // A cell was edited since: that comes first.
  assert.equal(steps.undo(drawing(1), { back: 3, again: 0 }), undefined);
  assert.deepEqual(steps.undo(drawing(1), { back: 2, again: 1 }), drawing(0));
  assert.equal(steps.undo(drawing(0), { back: 2, again: 1 }), undefined);
  assert.deepEqual(steps.redo(drawing(0), { back: 2, again: 1 }), drawing(1));
  assert.equal(steps.redo(drawing(1), { back: 2, again: 1 }), undefined);
});

test('a place is forgotten when the notebook goes back beyond it, or is changed anew', () => {
  const steps = new DrawingSteps();
  steps.record(drawing(0), { back: 2, again: 0 });
  assert.equal(steps.undo(drawing(1), { back: 1, again: 1 }), undefined);
  assert.equal(steps.undo(drawing(1), { back: 2, again: 0 }), undefined);
  steps.record(drawing(0), { back: 2, again: 0 });
  steps.undo(drawing(1), { back: 2, again: 0 });
  steps.record(drawing(5), { back: 2, again: 0 });
  assert.equal(steps.redo(drawing(6), { back: 2, again: 0 }), undefined);
});
