/**
 * The dataflow as an SVG that stands alone: light, also on paper. Each state is a shape and a word; the edges of a cycle
 * are drawn apart. What a person has named is text here, never markup. Not the panel, which is alive.
 */
import { isShown, labelOf, line, type NodeLabel } from './labels.js';
import { edgeKey, layoutDataflow, type Layout, type Point, type Size } from './layout.js';
import { arrowHead, roundedPath } from './path.js';
import type { CellState, CellStateName, Dataflow, DataflowEdge } from './types.js';

interface Look {
  readonly fill: string;
  readonly line: string;
  readonly dashed?: boolean;
}

const PLAIN: Look = { fill: '#ffffff', line: '#6b7280' };

const LOOKS: Readonly<Record<CellStateName, Look>> = {
  fresh: { fill: '#ffffff', line: '#007a55' },
  cached: { fill: '#ffffff', line: '#566b85', dashed: true },
  stale: { fill: '#fff1de', line: '#a15c00' },
  waiting: { fill: '#fffaf2', line: '#a15c00', dashed: true },
  queued: { fill: '#f4f8fd', line: '#0b62c4', dashed: true },
  running: { fill: '#e8f1fc', line: '#0b62c4' },
  failed: { fill: '#fdeceb', line: '#b3261e' },
  bypassed: { fill: '#f3f0f7', line: '#6b5b7b', dashed: true }
};

const FAULT = '#b3261e';
const EDGE = '#6b7280';
const TEXT = '#1f2328';
const FAINT = '#57606a';
const MARGIN = 16;
const ROW = 17;
/** Mean width of a character, generously: there is nothing here to measure text with. */
const WIDE = 8.1;
const NAME_WIDE = 7.3;

const width = (text: string, each: number): number =>
  [...text].reduce((sum, character) => sum + (character.codePointAt(0)! > 0x2e80 ? 2 : 1) * each, 0);

/** What XML does not allow even when it is escaped: controls, halves of pairs, and non-characters. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escaped(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"']/g, character => `&#${character.codePointAt(0)!};`);
}

function text(at: Point, words: string, style: string): string {
  return `<text x="${at.x}" y="${at.y}" ${style}>${escaped(words)}</text>`;
}

const MONO = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12"';

class Drawing {
  private readonly labels: ReadonlyMap<string, NodeLabel>;
  private readonly edges: readonly DataflowEdge[];
  /** Node -> names that leave it, in the order in which they are drawn. */
  private readonly leaving = new Map<string, string[]>();
  private readonly entering = new Map<string, string[]>();
  private readonly steps: ReadonlySet<string>;
  private readonly layout: Layout;

  constructor(
    private readonly flow: Dataflow,
    private readonly states: ReadonlyMap<string, CellState> | undefined
  ) {
    this.labels = new Map(flow.nodes.map(node => [node.id, labelOf(node, states?.get(node.id))]));
    this.steps = new Set(
      flow.cycles.flatMap(cycle => cycle.map((from, i) => `${from} ${cycle[(i + 1) % cycle.length]!}`))
    );
    this.edges = flow.edges.filter(edge => isShown(edge) || this.circular(edge));
    const add = (to: Map<string, string[]>, id: string, name: string): void => {
      const names = to.get(id) ?? [];
      if (!names.includes(name)) to.set(id, [...names, name]);
    };
    for (const { from, to, name } of this.edges) {
      add(this.leaving, from, name);
      add(this.entering, to, name);
    }
    this.layout = layoutDataflow({ nodes: flow.nodes, edges: this.edges }, id => this.sizeOf(id), {
      ports: id => this.entering.get(id) ?? [],
      enters: ({ name }) => [name],
      leaves: edge => this.leaves(edge),
      below: id => (this.leaving.has(id) ? ROW : 0)
    });
  }

  private circular({ from, to }: DataflowEdge): boolean {
    return this.steps.has(`${from} ${to}`);
  }

  private rows(id: string): string[] {
    const { names, state, fault } = this.labels.get(id)!;
    return [names, state, fault].filter(Boolean);
  }

  private sizeOf(id: string): Size {
    const { title, names, state, fault } = this.labels.get(id)!;
    const inside = Math.max(
      width(title, WIDE),
      width(names, NAME_WIDE),
      width(state, WIDE),
      width(fault, WIDE)
    );
    // Each name that leaves is written beside its edge.
    const below = (this.leaving.get(id) ?? []).reduce(
      (sum, name) => sum + width(line(name), NAME_WIDE) + 24,
      0
    );
    return {
      width: Math.round(Math.max(120, inside + 28, below)),
      height: 14 + ROW * (1 + this.rows(id).length)
    };
  }

  private leaves({ from, name }: DataflowEdge): number {
    const names = this.leaving.get(from)!;
    if (names.length === 1) return this.sizeOf(from).width / 2;
    const all = names.map(each => width(line(each), NAME_WIDE) + 24);
    const before = all.slice(0, names.indexOf(name)).reduce((sum, each) => sum + each, 0);
    const spare = this.sizeOf(from).width - all.reduce((sum, each) => sum + each, 0);
    return Math.round(before + 10 + spare / 2);
  }

  private edge(edge: DataflowEdge): string {
    const points = this.layout.edges.get(edgeKey(edge));
    const end = points?.at(-1);
    if (!points || !end) return '';
    const waits = ['waiting', 'stale'].includes(this.states?.get(edge.to)?.name ?? '');
    const circular = this.circular(edge);
    const colour = circular ? FAULT : EDGE;
    const dash = edge.type ? ' stroke-dasharray="2 3"' : waits ? ' stroke-dasharray="6 4"' : '';
    const stroke = `fill="none" stroke="${colour}" stroke-width="${circular ? 2.5 : 1.5}"${dash}`;
    return `<path d="${roundedPath(points)}" ${stroke}/><path d="${arrowHead(end)}" fill="${colour}"/>`;
  }

  /** One word where a name leaves its cell, however many read it. */
  private names(): string[] {
    const written = new Set<string>();
    return this.edges.flatMap(edge => {
      const net = `${edge.from} ${edge.name}`;
      const start = this.layout.edges.get(edgeKey(edge))?.[0];
      if (!start || written.has(net)) return [];
      written.add(net);
      const halo = 'stroke="#ffffff" stroke-width="4" paint-order="stroke" stroke-linejoin="round"';
      const at = { x: start.x + 6, y: start.y + 14 };
      return [text(at, line(edge.name), `${MONO} fill="${FAINT}" ${halo}`)];
    });
  }

  private node(id: string): string {
    const { x, y } = this.layout.nodes.get(id)!;
    const { width: w, height: h } = this.sizeOf(id);
    const { title, names, state, fault } = this.labels.get(id)!;
    const cell = this.states?.get(id);
    const look = cell && state ? LOOKS[cell.name] : PLAIN;
    const line = fault ? FAULT : look.line;
    const dash = look.dashed ? ' stroke-dasharray="4 3"' : '';
    const parts = [
      `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="4" fill="${look.fill}" stroke="${line}"${dash}/>`,
      `<rect x="${x}" y="${y}" width="4" height="${h}" rx="2" fill="${line}"/>`,
      text({ x: x + 14, y: y + 19 }, title, `font-size="13" font-weight="600" fill="${TEXT}"`)
    ];
    let row = y + 19;
    const put = (words: string, style: string): void => {
      if (words) parts.push(text({ x: x + 14, y: (row += ROW) }, words, style));
    };
    put(names, `${MONO} fill="${FAINT}"`);
    put(state, `font-size="12" fill="${look.line}"`);
    put(fault && `! ${fault}`, `font-size="12" fill="${FAULT}"`);
    const why = [
      cell?.why,
      ...this.flow.nodes.find(each => each.id === id)!.faults.map(({ message }) => message)
    ];
    const told = why.filter(Boolean).join('\n');
    return `<g>${told ? `<title>${escaped(told)}</title>` : ''}${parts.join('')}</g>`;
  }

  draw(): string {
    const w = Math.max(1, this.layout.width) + 2 * MARGIN;
    const h = Math.max(1, this.layout.height) + 2 * MARGIN;
    const count = this.flow.nodes.length;
    const body = [
      ...this.edges.filter(edge => !this.circular(edge)).map(edge => this.edge(edge)),
      ...this.edges.filter(edge => this.circular(edge)).map(edge => this.edge(edge)),
      ...this.names(),
      ...this.flow.nodes.map(({ id }) => this.node(id))
    ];
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="Dataflow of ${count} cells" font-family="Inter, system-ui, -apple-system, 'Segoe UI', sans-serif">
<rect width="${w}" height="${h}" fill="#ffffff"/>
<g transform="translate(${MARGIN} ${MARGIN})">
${body.join('\n')}
</g>
</svg>
`;
  }
}

export function toSvg(flow: Dataflow, states?: ReadonlyMap<string, CellState>): string {
  return new Drawing(flow, states).draw();
}
