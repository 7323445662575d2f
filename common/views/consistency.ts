/**
 * What a schema cannot say of a payload: that lengths agree, that packed bytes are what they claim, that a
 * logarithmic axis has positive numbers. Drawing relies on it.
 */
import { isHeld, unpackCodes, unpackNumbers } from './pack.js';
import type {
  Codes,
  DistributionPayload,
  EmbeddingPayload,
  Packed,
  ReportPayload,
  Rows,
  ViewPayload
} from './payload.js';

class Inconsistent extends Error {}

function require(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new Inconsistent(reason);
}

/** Base64 takes 4 letters for 3 bytes: checked before anything is unpacked, so a lie costs no memory. */
function checkSize(name: string, packed: Packed | Codes, bytes: number): void {
  const letters = packed.data.length;
  require(isHeld(packed) ||
    letters === Math.ceil(bytes / 3) * 4, `${name}: ${letters} base64 letters do not hold ${bytes} bytes`);
}

function numbers(name: string, packed: Packed, rows: number): Float32Array {
  require(packed.length === rows, `${name}: ${packed.length} values for ${rows} rows`);
  checkSize(name, packed, packed.length * 4);
  try {
    return unpackNumbers(packed);
  } catch (error) {
    throw new Inconsistent(`${name}: ${(error as Error).message}`);
  }
}

function codes(name: string, packed: Codes, rows: number): void {
  require(packed.length === rows, `${name}: ${packed.length} values for ${rows} rows`);
  checkSize(name, packed, packed.length);
  try {
    unpackCodes(packed);
  } catch (error) {
    throw new Inconsistent(`${name}: ${(error as Error).message}`);
  }
}

/** Row numbers that a selection may be shared by: whole and not negative. */
function rowNumbers(name: string, rows: Rows | undefined, count: number): void {
  if (!rows) return;
  const index = numbers(`${name}/index`, rows.index, count);
  require(index.every(
    i => Number.isInteger(i) && i >= 0
  ), `${name}/index: a row number is not a whole number`);
}

function embedding(p: EmbeddingPayload): void {
  require(p.shown <= p.n, `/shown: ${p.shown} rows drawn of ${p.n}`);
  for (const axis of ['x', 'y'] as const) {
    require(numbers(`/${axis}`, p[axis], p.shown).every(
      Number.isFinite
    ), `/${axis}: a coordinate is not a finite number`);
  }
  codes('/domain', p.domain, p.shown);
  rowNumbers('/rows', p.rows, p.shown);
  if (p.flagged) codes('/flagged', p.flagged, p.shown);
  p.columns.forEach((column, i) => {
    const name = `/columns/${i}/values`;
    if (column.values.type === 'codes') codes(name, column.values, p.shown);
    else numbers(name, column.values, p.shown);
  });
  for (const field of ['text', 'place'] as const) {
    const n = p[field].length;
    require(n === p.shown || n === 0, `/${field}: ${n} texts for ${p.shown} rows`);
  }
}

function increasing(values: readonly number[]): boolean {
  return values.every((v, i) => i === 0 || v > values[i - 1]!);
}

function distribution(p: DistributionPayload): void {
  p.panels.forEach((panel, i) => {
    const at = `/panels/${i}`;
    require(increasing(panel.edges), `${at}/edges: bin edges must increase`);
    panel.series.forEach((s, k) => {
      const bins = Math.max(0, panel.edges.length - 1);
      require(s.heights.length === bins, `${at}/series/${k}: ${s.heights.length} heights for ${bins} bins`);
      require(s.heights.every(h => h >= 0), `${at}/series/${k}: a height is negative`);
    });
    panel.curves.forEach((c, k) =>
      require(c.x.length === c.y.length, `${at}/curves/${k}: ${c.x.length} x for ${c.y.length} y`)
    );
    if (panel.points) {
      const { values, series, rows } = panel.points;
      numbers(`${at}/points/values`, values, values.length);
      codes(`${at}/points/series`, series, values.length);
      series.categories.forEach((name, k) =>
        require(k < panel.series.length ||
          panel.series.some(s => s.name === name), `${at}/points/series: no series ${JSON.stringify(name)}`)
      );
      rowNumbers(`${at}/points/rows`, rows, values.length);
    }
    if (panel.scale === 'log') {
      const xs = [...panel.edges, ...panel.curves.flatMap(c => c.x)];
      require(xs.every(x => x > 0), `${at}: a logarithmic axis needs positive edges`);
    }
  });
  const { tube } = p;
  if (!tube) return;
  const shown = tube.x.length;
  require(shown <= tube.n, `/tube: ${shown} rows drawn of ${tube.n}`);
  for (const axis of ['x', 'y'] as const) {
    const values = numbers(`/tube/${axis}`, tube[axis], shown);
    require(values.every(Number.isFinite), `/tube/${axis}: a coordinate is not a finite number`);
  }
  require(unpackNumbers(tube.y).every(v => v >= 0), '/tube/y: a distance is negative');
  codes('/tube/domain', tube.domain, shown);
  codes('/tube/flagged', tube.flagged, shown);
  rowNumbers('/tube/rows', tube.rows, shown);
  for (const field of ['text', 'place'] as const) {
    const n = tube[field].length;
    require(n === shown || n === 0, `/tube/${field}: ${n} texts for ${shown} rows`);
  }
}

function report(p: ReportPayload): void {
  const intervals = [...p.arms.map(a => a.score), ...p.paired.map(d => d.difference)];
  require(intervals.every(i => i.low <= i.high), '/arms: an interval ends before it begins');
  const arms = (p.confusions ?? []).map(c => c.arm);
  require(new Set(arms).size === arms.length, '/confusions: an arm has two');
  require(!p.confusion ||
    arms.length === 0 ||
    arms.includes(p.confusion.arm), '/confusions: the one drawn at first is not among them');
  for (const c of [...(p.confusion ? [p.confusion] : []), ...(p.confusions ?? [])]) {
    const k = c.classes.length;
    require(c.counts.length === k &&
      c.counts.every(r => r.length === k), `/confusion/counts: not ${k} x ${k}`);
    require(c.counts.every(r => r.every(n => n >= 0)), '/confusion/counts: a count is negative');
  }
}

/** Why the payload contradicts itself, or undefined when it does not. */
export function inconsistency(payload: ViewPayload): string | undefined {
  try {
    if (payload.kind === 'embedding') embedding(payload);
    else if (payload.kind === 'distribution') distribution(payload);
    else if (payload.kind === 'report') report(payload);
    else if (payload.kind === 'training') {
      require(payload.xMax === undefined || payload.xMax > 0, `/xMax: ${payload.xMax} is not above 0`);
      payload.curves.forEach((c, i) => {
        require(c.x.length === c.y.length, `/curves/${i}: ${c.x.length} x for ${c.y.length} y`);
        require(c.x.every((v, k) => k === 0 || v >= c.x[k - 1]!), `/curves/${i}/x: steps must not fall`);
      });
    } else if (payload.kind === 'table') {
      const k = payload.columns.length;
      payload.rows.forEach((row, i) =>
        require(row.length === k, `/rows/${i}: ${row.length} cells for ${k} columns`)
      );
      require(payload.rows.length <= payload.n, `/rows: ${payload.rows.length} rows of ${payload.n}`);
    } else {
      payload.blocks.forEach((b, i) => {
        const g = b.gamma;
        if (!g) return;
        require(g.grid.length ===
          g.bound.length, `/blocks/${i}/gamma: ${g.grid.length} grid values for ${g.bound.length} bounds`);
        require(increasing(g.grid), `/blocks/${i}/gamma/grid: must increase`);
        const k = b.terms.length;
        require(g.at === undefined ||
          (g.at.length === g.grid.length &&
            g.at.every(
              a => a.terms.length === k
            )), `/blocks/${i}/gamma/at: not ${g.grid.length} entries of ${k} terms`);
      });
    }
    return undefined;
  } catch (error) {
    if (error instanceof Inconsistent) return error.message;
    throw error;
  }
}
