/** The dataflow as Mermaid and as SVG: what is written, and that nothing a person has named is taken for syntax. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseXml, XmlElement, XmlText, type XmlNode } from '@rgrove/parse-xml';
import fc from 'fast-check';
import {
  buildDataflow,
  toMermaid,
  toSvg,
  type CellState,
  type Dataflow
} from '../../common/dataflow/index.js';

const read = (...sources: string[]): Dataflow =>
  buildDataflow(sources.map((source, i) => ({ id: `id ${i} "<&`, source })));

const SAMPLE = [
  'import * as hysim from "hysim-lab"',
  'const tables = await hysim.load({ path: "data" })',
  'type Row = typeof tables',
  'const samples = await hysim.samples({ tables }); let row: Row'
];

function statesOf(flow: Dataflow, ...names: CellState['name'][]): ReadonlyMap<string, CellState> {
  return new Map(
    flow.nodes.map(({ id }, i) => [id, { name: names[i % names.length]!, why: `why <${i}>`, due: false }])
  );
}

/** All text of a well-formed document, element by element. */
function texts(svg: string, element: string): string[] {
  const found: string[] = [];
  const visit = (node: XmlNode): void => {
    if (!(node instanceof XmlElement)) return;
    if (node.name === element)
      found.push(node.children.flatMap(child => (child instanceof XmlText ? [child.text] : [])).join(''));
    node.children.forEach(visit);
  };
  visit(parseXml(svg).root!);
  return found;
}

test('Mermaid has a node a cell and an arrow for the names between two cells', () => {
  assert.equal(
    toMermaid(read(...SAMPLE)),
    `flowchart TD
  cell1["hysim"]
  cell2["Load tables<br/>tables"]
  cell3["Row"]
  cell4["Samples<br/>samples, row"]
  cell2 -.->|"tables"| cell3
  cell2 -->|"tables"| cell4
  cell3 -.->|"Row"| cell4
`
  );
});

test('states are a shape and a word in both', () => {
  const flow = read(...SAMPLE);
  const states = statesOf(flow, 'fresh', 'stale', 'failed', 'waiting');
  const mermaid = toMermaid(flow, states);
  assert.match(mermaid, /cell2\["Load tables<br\/>tables<br\/>◆ stale"\]/);
  assert.match(mermaid, /class cell3 failed/);
  const written = texts(toSvg(flow, states), 'text');
  for (const word of ['✓ fresh', '◆ stale', '✕ failed', '◇ waiting']) assert.ok(written.includes(word), word);
  assert.ok(texts(toSvg(flow, states), 'title').includes('why <1>'));
});

test('a cell that is empty or in another language has no state', () => {
  const flow = read('', '%%html\n<b>');
  assert.doesNotMatch(toMermaid(flow, statesOf(flow, 'fresh')), /fresh/);
});

test('SVG names what goes from cell to cell once, and hides what a package gives', () => {
  const written = texts(toSvg(read(...SAMPLE)), 'text');
  assert.equal(written.filter(text => text === 'tables').length, 2);
  assert.equal(written.filter(text => text === 'hysim').length, 1);
});

test('the edges of a cycle are marked in both, also where a package would be hidden', () => {
  const flow = read('const a = b', 'const b = a', 'b');
  assert.match(toMermaid(flow), /linkStyle 0,1 stroke:#b3261e/);
  assert.equal(toSvg(flow).match(/stroke="#b3261e" stroke-width="2.5"/g)?.length, 2);
  assert.ok(texts(toSvg(flow), 'text').includes('! in a circle'));
});

test('whatever a cell holds, the SVG is well-formed and Mermaid keeps its lines', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map(text => `"${text}"; x`),
    fc.constantFrom(
      '"]; click cell1 href "javascript:alert(1)"',
      '<script>x</script>',
      'end',
      '`a` #quot; %%{init}%%'
    )
  );
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), sources => {
      const flow = read(...sources);
      const states = statesOf(flow, 'stale');
      const svg = toSvg(flow, states);
      parseXml(svg);
      assert.equal(svg.match(/<script/), null);
      const [head, ...lines] = toMermaid(flow, states).trimEnd().split('\n');
      assert.equal(head, 'flowchart TD');
      for (const line of lines)
        assert.match(
          line,
          /^ {2}(cell\d+\["[^"<>`]*(<br\/>[^"<>`]*)*"\]|cell\d+ (-->|-\.->)\|"[^"<>`|]*"\| cell\d+|classDef .*|class cell[\d,cell]* \w+)$/
        );
    })
  );
});

test('the same notebook is drawn the same', () => {
  assert.equal(toSvg(read(...SAMPLE)), toSvg(read(...SAMPLE)));
});
