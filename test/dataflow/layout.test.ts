/** The layout: no line runs through a node, every line is a wiring's, and the same graph lies the same. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  buildDataflow,
  edgeKey,
  layoutDataflow,
  type Dataflow,
  type DataflowEdge,
  type Layout
} from '../../common/dataflow/index.js';

const flowOf = (sources: readonly string[]): Dataflow =>
  buildDataflow(sources.map((source, i) => ({ id: `cell-${i}`, source })));

const SIZE = { width: 188, height: 60 };
const size = (id: string): typeof SIZE => (id.endsWith('0') ? { width: 188, height: 28 } : SIZE);

/** Programs whose cells read from some of the cells above. */
const programs = fc
  .array(fc.array(fc.nat({ max: 400 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map(cells =>
    cells.map((picks, i) => {
      const names = i === 0 ? [] : picks.map(pick => `v${pick % i}`);
      return `const v${i} = [${[...new Set(names)].join(', ')}];`;
    })
  );

interface Piece {
  readonly edge: DataflowEdge;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

function piecesOf(layout: Layout, edges: readonly DataflowEdge[]): Piece[] {
  return edges.flatMap(edge => {
    const points = layout.edges.get(edgeKey(edge))!;
    return points.slice(1).map((to, i): Piece => {
      const from = points[i]!;
      return {
        edge,
        x: [Math.min(from.x, to.x), Math.max(from.x, to.x)],
        y: [Math.min(from.y, to.y), Math.max(from.y, to.y)]
      };
    });
  });
}

/** Whether two ranges have more than a point in common. */
const overlap = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  a[0] < b[1] && b[0] < a[1];

function check(sources: readonly string[]): void {
  const flow = flowOf(sources);
  const layout = layoutDataflow(flow, size);
  assert.deepEqual(layoutDataflow(flow, size), layout);
  const boxes = flow.nodes.map(({ id }) => {
    const { x, y } = layout.nodes.get(id)!;
    return { id, x: [x, x + size(id).width] as const, y: [y, y + size(id).height] as const };
  });
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1))
      assert.ok(!(overlap(a.x, b.x) && overlap(a.y, b.y)), `${a.id} lies on ${b.id}`);
  }
  const pieces = piecesOf(layout, flow.edges);
  for (const { edge, x, y } of pieces) {
    assert.ok(x[0] === x[1] || y[0] === y[1], `${edgeKey(edge)} is aslant`);
    for (const box of boxes) {
      // A line may touch the border of the nodes that it joins.
      const inside =
        overlap([x[0] - 1, x[1] + 1], box.x) && overlap([y[0] - 1, y[1] + 1], [box.y[0] + 1, box.y[1] - 1]);
      assert.ok(!inside || box.id === edge.from, `${edgeKey(edge)} runs through ${box.id}`);
    }
  }
  for (const [i, a] of pieces.entries()) {
    for (const b of pieces.slice(i + 1)) {
      if (a.edge.from === b.edge.from && a.edge.name === b.edge.name) continue;
      const across = a.y[0] === a.y[1] && b.y[0] === b.y[1] && a.y[0] === b.y[0];
      assert.ok(!(across && overlap(a.x, b.x)), `${edgeKey(a.edge)} lies on ${edgeKey(b.edge)}`);
    }
  }
  for (const edge of flow.edges) {
    const points = layout.edges.get(edgeKey(edge))!;
    const [from, to] = [layout.nodes.get(edge.from)!, layout.nodes.get(edge.to)!];
    assert.equal(points[0]!.y, from.y + size(edge.from).height);
    assert.equal(points.at(-1)!.y, to.y);
  }
}

test('no line runs through a node or on another line, whatever the program', () => {
  fc.assert(fc.property(programs, check), { numRuns: 200 });
});

test('what a cell reads stands above it', () => {
  fc.assert(
    fc.property(programs, sources => {
      const flow = flowOf(sources);
      const { nodes } = layoutDataflow(flow, size);
      for (const { from, to } of flow.edges) assert.ok(nodes.get(from)!.y < nodes.get(to)!.y);
    })
  );
});

test('the longest chain stands in one column, and what hangs on it beside it', () => {
  const flow = flowOf([
    'const a = 1;',
    'const b = a;',
    'const side = a;',
    'const c = b;',
    'const d = [a, c, side];'
  ]);
  const { nodes, edges } = layoutDataflow(flow, size);
  const [a, b, side, c, d] = flow.nodes.map(({ id }) => nodes.get(id)!);
  assert.deepEqual([b!.x, c!.x, d!.x], [a!.x, a!.x, a!.x]);
  assert.ok(Math.abs(side!.x - a!.x) > SIZE.width);
  const direct = flow.edges.find(({ name, to }) => name === 'b' && to === flow.nodes[3]!.id)!;
  assert.equal(edges.get(edgeKey(direct))!.length, 2);
});

test('cells that read from each other in a circle are laid out all the same', () => {
  const circle = ['const a = () => c;', 'const b = a;', 'const c = b;'];
  check(circle);
  const flow = flowOf(circle);
  const { nodes, edges, width } = layoutDataflow(flow, size);
  assert.equal(nodes.size, 3);
  assert.equal(edges.size, 3);
  for (const points of edges.values()) for (const { x } of points) assert.ok(x >= 0 && x <= width);
});

test('many branches grow downwards and not ever wider', () => {
  const branches = Array.from({ length: 60 }, (_, i) => `const b${i} = root + ${i};`);
  const { width, nodes } = layoutDataflow(flowOf(['const root = 1;', ...branches]), size);
  assert.ok(width < 8 * SIZE.width, String(width));
  assert.equal(nodes.size, 61);
});

test('ports stand in the order in which edges arrive, so that they do not cross', () => {
  const flow = flowOf(['const a = 1;', 'const b = a;', 'const c = a;', 'const end = [b, c];']);
  const last = flow.nodes.at(-1)!.id;
  const layout = layoutDataflow(flow, size, {
    ports: id => (id === last ? ['c', 'free', 'b'] : []),
    enters: ({ to, name }) => (to === last ? [name] : [])
  });
  const places = layout.ports.get(last)!;
  const middle = (name: string): number =>
    layout.nodes.get(flow.edges.find(edge => edge.name === name && edge.to === last)!.from)!.x;
  assert.equal(middle('b') < middle('c'), places.get('b')! < places.get('c')!);
  assert.equal(new Set(places.values()).size, 3);
  for (const x of places.values()) assert.ok(x > 0 && x < SIZE.width);
});

test('a notebook without cells has an empty layout', () => {
  assert.deepEqual(layoutDataflow(flowOf([]), size), {
    nodes: new Map(),
    edges: new Map(),
    ports: new Map(),
    width: 0,
    height: 0
  });
});
