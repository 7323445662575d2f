/** What becomes a node, a port and an edge of the graph, and that only what has changed is made anew. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { buildDataflow, type CellState, type Dataflow } from '../../../common/dataflow/index.js';
import { drawnFlow, shortTitle, type DrawnNode } from '../../../src/dataflow/panel/drawn.js';
import {
  graphEdges,
  graphNodes,
  layoutOf,
  structureOf,
  type GraphEdge,
  type GraphNode
} from '../../../src/dataflow/panel/graph-model.js';
import { merged } from '../../../src/dataflow/panel/merge.js';
import { kindOf, parseInputId, parseOutputId } from '../../../src/dataflow/panel/ports.js';

const ANALYSIS = [
  'import * as hysim from "hysim-lab";',
  'const data = await hysim.simulate({});',
  'const space = await hysim.embed({ data });',
  'const clean = await hysim.denoise({ space });',
  'const weights = await hysim.weigh({ space, clean });',
  'const base = await hysim.finetune({ data });\nconst model = await hysim.finetune({ data, weights });',
  '// what it makes\nweights.embedding()'
];

const cellsOf = (sources: readonly string[]): { id: string; source: string }[] =>
  sources.map((source, i) => ({ id: `c${i}`, source }));

function drawn(sources: readonly string[] = ANALYSIS, folded: readonly string[] = []): readonly DrawnNode[] {
  return drawnFlow(buildDataflow(cellsOf(sources)), folded).nodes;
}

/** Flows and states as a model holds them: the same objects until they change. */
const FLOWS = new Map<readonly string[], Dataflow>();
const STATES = Object.fromEntries(
  (['fresh', 'stale', 'waiting', 'running'] as const).map((name): [string, CellState] => [
    name,
    { name, why: '', due: false }
  ])
);

interface World {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

function world(
  states: Record<string, CellState['name']> = {},
  before?: World,
  positions = {},
  sources: readonly string[] = ANALYSIS
): World {
  const flow = FLOWS.get(sources) ?? buildDataflow(cellsOf(sources));
  FLOWS.set(sources, flow);
  const stateOf = (id: string): CellState => STATES[states[id] ?? 'fresh']!;
  const model = {
    flow,
    states: new Map(flow.nodes.map(({ id }) => [id, stateOf(id)])),
    jobs: new Map(),
    payloadOf: () => undefined
  };
  const shown = drawnFlow(flow);
  const layout = layoutOf(shown);
  return {
    nodes: graphNodes(
      model,
      shown,
      layout,
      { positions, folded: [] },
      new Map(before?.nodes.map(n => [n.id, n]))
    ),
    edges: graphEdges(model, shown, layout, new Map(before?.edges.map(e => [e.id, e])))
  };
}

test('a stage’s node is called by its title, code by what it makes, or by its first line', () => {
  assert.deepEqual(
    drawn().map(({ title }) => title),
    ['import hysim', 'Simulate', 'Embed', 'Denoise', 'Weigh', 'Fine-tune ×2', 'weights.embedding()']
  );
  assert.deepEqual(drawn()[5]!.names, ['base', 'model']);
  assert.equal(drawn(['', 'const a = 1, b = 2;'])[0]!.title, 'empty cell');
  assert.equal(drawn(['', 'const a = 1, b = 2;'])[1]!.title, 'a, b');
  assert.equal(shortTitle('split'), 'Split');
});

test('what cells read of an imported library is no edge; the import says how many read it', () => {
  const [library] = drawn();
  assert.equal(library!.readers, 5);
  assert.ok(library!.slight);
  assert.ok(!drawnFlow(buildDataflow(cellsOf(ANALYSIS))).edges.some(({ name }) => name === 'hysim'));
});

test('every input of every call is a port; what code reads otherwise enters beside them', () => {
  const [, , , , weigh, tune, shown] = drawn();
  assert.deepEqual(
    weigh!.inputs.map(({ label }) => label),
    ['space', 'clean']
  );
  const calls = tune!.inputs.map(({ input }) => input?.call);
  assert.deepEqual([...new Set(calls)], [0, 1]);
  assert.deepEqual(
    shown!.inputs.map(({ id, input }) => [id, input]),
    [['reads weights', undefined]]
  );
  assert.deepEqual(parseInputId(weigh!.inputs[1]!.id), { call: 0, port: 'clean' });
  assert.equal(parseInputId('reads weights'), undefined);
  assert.equal(parseOutputId(weigh!.outputs[0]!.id), 'weights');
  assert.equal(kindOf(weigh!.node, 'weights'), 'weights');
  assert.equal(kindOf(weigh!.node, 'other'), undefined);
});

test('a folded node is a line high, and the layout knows', () => {
  const flow = buildDataflow(cellsOf(ANALYSIS));
  const [open, folded] = [drawnFlow(flow), drawnFlow(flow, ['c3'])];
  assert.ok(folded.nodes[3]!.height < open.nodes[3]!.height);
  assert.notEqual(structureOf(folded), structureOf(open));
  assert.equal(structureOf(drawnFlow(flow)), structureOf(open));
});

test('an edge enters each port that it feeds, and says its name once', () => {
  const into = world().edges.filter(({ source, target }) => source === 'c1' && target === 'c5');
  assert.deepEqual(
    into.map(({ targetHandle, data }) => [targetHandle, data!.label]),
    [
      ['in 0 data', 'data'],
      ['in 1 data', '']
    ]
  );
});

test('edges tell what is out of date, what runs, and a circle', () => {
  const look = (edges: GraphEdge[], from: string, to: string): string | undefined =>
    edges.find(({ source, target }) => source === from && target === to)?.data?.look;
  const { edges } = world({ c3: 'stale', c4: 'waiting', c5: 'running' });
  assert.equal(look(edges, 'c2', 'c3'), 'plain');
  assert.equal(look(edges, 'c3', 'c4'), 'waiting');
  assert.equal(look(edges, 'c1', 'c5'), 'running');
  const circle = world({}, undefined, {}, ['const a = () => b;', 'const b = a;']).edges;
  assert.deepEqual(
    circle.map(({ data }) => data!.look),
    ['cycle', 'cycle']
  );
});

test('only what has changed is made anew', () => {
  const before = world();
  const same = world({}, before);
  same.nodes.forEach((node, i) => assert.equal(node, before.nodes[i]));
  same.edges.forEach((edge, i) => assert.equal(edge, before.edges[i]));
  const after = world({ c3: 'stale' }, before);
  assert.notEqual(after.nodes[3], before.nodes[3]);
  const changed = after.edges.filter((edge, i) => edge !== before.edges[i]).map(({ source }) => source);
  assert.deepEqual(changed, ['c3']);
});

test('a node stands where a person put it; the others where the layout has them', () => {
  const { nodes } = world({}, undefined, { c3: [7, 9] });
  assert.deepEqual(nodes[3]!.position, { x: 7, y: 9 });
  assert.deepEqual(nodes[2]!.position, world().nodes[2]!.position);
  // A name that every object has is no place.
  assert.deepEqual(
    world({}, undefined, Object.create({ c3: [7, 9] }) as object).nodes[3]!.position,
    world().nodes[3]!.position
  );
});

test('a node under the pointer stays there while others are drawn anew, and what was measured is kept', () => {
  const before = world().nodes.map(node => ({ ...node, measured: { width: 1, height: 2 } }));
  before[3] = { ...before[3]!, dragging: true, position: { x: 5, y: 5 } };
  const now = merged(before, world({ c3: 'stale', c4: 'waiting' }).nodes);
  assert.deepEqual(now[3]!.position, { x: 5, y: 5 });
  assert.equal(now[3]!.data.word, 'not run');
  assert.deepEqual(now[4]!.measured, { width: 1, height: 2 });
  assert.deepEqual(merged(before.slice(0, 2), world().nodes).length, before.length);
});
