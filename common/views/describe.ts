/**
 * A picture in words: for a terminal, a screen reader, or wherever pictures do not reach. Every number comes
 * with what it is and what it claims, as on screen.
 */
import { chip } from '../labels.js';
import { axisName } from './axis-name.js';
import { brief, count, factor, fixed, plural, signed } from './numbers.js';
import { unpackCodes, unpackNumbers } from './pack.js';
import type {
  CertificatePayload,
  DistributionPayload,
  EmbeddingPayload,
  Fact,
  ReportPayload,
  TablePayload,
  TrainingPayload,
  ViewPayload
} from './payload.js';
import { clean } from './pen.js';

function labelled(number: NonNullable<Fact['number']>, write: (v: number | null) => string = brief): string {
  const parts = [`${write(number.value)} ${clean(chip({ ...number, value: number.value ?? NaN }))}`];
  if (number.n !== undefined) parts.push(plural(number.n, number.unit ?? 'papers'));
  if (number.fold) parts.push(`fold ${clean(number.fold)}`);
  return parts.join(', ');
}

function factLine(fact: Fact): string {
  const words = [fact.number ? labelled(fact.number) : '', clean(fact.text ?? '')].filter(t => t !== '');
  return words.length > 0 ? `${clean(fact.name)}: ${words.join('. ')}` : clean(fact.name);
}

/** Columns padded to equal width. */
function grid(rows: readonly string[][], right: readonly boolean[] = []): string[] {
  const widths = rows.reduce<number[]>(
    (w, row) => row.map((t, j) => Math.max(w[j] ?? 0, Array.from(t).length)),
    []
  );
  const pad = (t: string, j: number): string => {
    const space = ' '.repeat(widths[j]! - Array.from(t).length);
    return right[j] ? space + t : t + space;
  };
  return rows.map(row => '  ' + row.map(pad).join('  ').trimEnd());
}

function short(text: string, length = 28): string {
  const letters = Array.from(clean(text));
  return letters.length > length ? letters.slice(0, length - 1).join('') + '…' : letters.join('');
}

function table(p: TablePayload): string[] {
  const rows = p.rows.slice(0, 10);
  const columns = p.columns.slice(0, 8);
  const cells = rows.map(row => columns.map((_, j) => short(String(row[j] ?? ''))));
  const lines = grid(
    [columns.map(c => short(c.name)), ...cells],
    columns.map(c => c.numeric)
  );
  return [`${count(p.n)} rows, ${plural(p.columns.length, 'columns')}; the first ${rows.length}:`, ...lines];
}

function tally(codes: EmbeddingPayload['domain']): string {
  const counts = codes.categories.map(() => 0);
  for (const code of unpackCodes(codes)) counts[code]!++;
  return codes.categories.map((c, i) => `${short(c)} ${count(counts[i]!)}`).join(', ');
}

function quantiles(values: Float32Array): string {
  const known = values.filter(Number.isFinite).sort();
  if (known.length === 0) return 'no values';
  const at = (q: number): string => brief(Number(known[Math.round(q * (known.length - 1))]!.toPrecision(3)));
  return `smallest ${at(0)}, median ${at(0.5)}, largest ${at(1)}`;
}

function embedding(p: EmbeddingPayload): string[] {
  const axes = p.axes.map(axisName).join(', ');
  const lines = [
    `${count(p.n)} rows, ${count(p.shown)} drawn, on the axes ${axes}.`,
    `Domain: ${tally(p.domain)}`
  ];
  if (p.flagged) {
    const raised = p.flagged.categories.map(c => /^(1|yes|true|flagged)$/.test(c));
    lines.push(`Flagged: ${count(unpackCodes(p.flagged).filter(c => raised[c]).length)}`);
  }
  for (const column of p.columns) {
    const values =
      column.values.type === 'codes' ? tally(column.values) : quantiles(unpackNumbers(column.values));
    lines.push(`${short(column.name)} (${clean(column.label)}): ${values}`);
  }
  return lines;
}

/** How many rows lie in the tube, beyond it and far out, and where the flagged ones are. */
function tube(t: NonNullable<DistributionPayload['tube']>): string[] {
  const distances = unpackNumbers(t.y);
  const flags = unpackCodes(t.flagged);
  const raised = t.flagged.categories.map(c => /^(1|yes|true|flagged)$/.test(c));
  const inside = distances.filter(v => v <= t.d0).length;
  const fading = distances.filter(v => v > t.d0 && v <= t.d0 + t.h).length;
  const further = distances.length - inside - fading;
  const flagged = distances.filter((_, i) => raised[flags[i]!]);
  return [
    `${clean(t.title)}: ${count(t.n)} rows, ${count(distances.length)} drawn; ${clean(t.xLabel)} against ${clean(t.yLabel)}.`,
    `  in the tube (up to d₀ = ${brief(t.d0)}): ${count(inside)}; up to d₀ + h = ${brief(t.d0 + t.h)}: ${count(fading)}; further out: ${count(further)}`,
    `  ${clean(t.yLabel)}: ${quantiles(distances)}`,
    `  domain: ${tally(t.domain)}; flagged ${count(flagged.length)}${flagged.length > 0 ? `, ${quantiles(flagged)}` : ''}`
  ];
}

function distribution(p: DistributionPayload): string[] {
  const panels = p.panels.flatMap(panel => {
    const lines = [`${clean(panel.title)}, ${clean(panel.xLabel)}:`];
    for (const s of panel.series) {
      const total = s.heights.reduce((a, b) => a + b, 0);
      const top = s.heights.indexOf(Math.max(...s.heights));
      const where =
        total > 0 ? `most between ${brief(panel.edges[top]!)} and ${brief(panel.edges[top + 1]!)}` : 'empty';
      lines.push(`  ${clean(s.name)}: ${where}`);
    }
    for (const c of panel.curves) {
      const ends =
        c.x.length > 0
          ? `${brief(c.y[0]!)} at ${brief(c.x[0]!)}, ${brief(c.y.at(-1)!)} at ${brief(c.x.at(-1)!)}`
          : 'empty';
      lines.push(`  ${clean(c.name)} (${clean(c.axis)}): ${ends}`);
    }
    for (const m of panel.marks) lines.push(`  ${clean(m.label)}: at ${brief(m.x)}`);
    return lines;
  });
  return p.tube ? [...tube(p.tube), ...panels] : panels;
}

function training(p: TrainingPayload): string[] {
  const lines = p.curves.map(c => {
    const ends =
      c.y.length > 0 ? `${fixed(c.y[0]!)} to ${fixed(c.y.at(-1)!)} in ${count(c.y.length)} points` : 'empty';
    return `${clean(c.name)} (fold ${c.fold}), ${clean(p.yLabel)}: ${ends}`;
  });
  if (p.xMax !== undefined) lines.push(`Ends at ${clean(p.xLabel)} ${brief(p.xMax)}.`);
  if (p.kept)
    lines.push(`Kept: ${clean(p.kept.label)}, ${fixed(p.kept.y)} at ${clean(p.xLabel)} ${brief(p.kept.x)}`);
  return lines;
}

/** How many rows an arm gets right, and its commonest mistakes. */
function mistakes(c: NonNullable<ReportPayload['confusion']>): string[] {
  const right = c.counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const all = c.counts.flat().reduce((a, b) => a + b, 0);
  const wrong = c.counts
    .flatMap((row, i) => row.map((n, j) => ({ i, j, n })))
    .filter(e => e.i !== e.j && e.n > 0);
  wrong.sort((a, b) => b.n - a.n);
  const name = (k: number): string => short(c.classes[k]!);
  return [
    `Confusion of ${clean(c.arm)}: ${count(right)} of ${count(all)} rows right; commonest mistakes:`,
    ...wrong.slice(0, 3).map(e => `  ${name(e.i)} taken for ${name(e.j)}: ${count(e.n)}`),
    ...(wrong.length === 0 ? ['  none'] : [])
  ];
}

function report(p: ReportPayload): string[] {
  const between = (i: { low: number; high: number }, write: (v: number) => string): string =>
    `[${write(i.low)}, ${write(i.high)}]`;
  const lines = [`${clean(p.metric)} (${p.higherIsBetter ? 'higher' : 'lower'} is better):`];
  lines.push(
    ...grid(
      p.arms.map(a => [
        short(a.name),
        fixed(a.score.value),
        between(a.score, fixed),
        clean(a.label),
        `n ${count(a.n)}`
      ])
    )
  );
  if (p.paired.length > 0) {
    lines.push(`Difference to ${p.arms[0] ? clean(p.arms[0].name) : 'the first arm'}, paired:`);
    lines.push(
      ...grid(p.paired.map(d => [short(d.name), signed(d.difference.value), between(d.difference, signed)]))
    );
  }
  const first = p.confusion ?? p.confusions?.[0];
  if (first) lines.push(...mistakes(first));
  for (const c of p.confusions ?? []) if (c.arm !== first?.arm) lines.push(...mistakes(c));
  return lines;
}

/** What a block says at other Γ: a line for each stretch of the grid with one verdict. */
function readings({ grid, bound, at }: NonNullable<CertificatePayload['blocks'][number]['gamma']>): string[] {
  const lines: string[] = [];
  for (let from = 0; at && from < at.length;) {
    let to = from;
    while (at[to + 1]?.verdict === at[from]!.verdict) to++;
    const ends = from === to ? [from] : [from, to];
    const between = (write: (i: number) => string): string => [...new Set(ends.map(write))].join(' to ');
    lines.push(
      `  read at Γ = ${between(i => factor(grid[i]!))}: ${at[from]!.verdict}, bound ${between(i => signed(bound[i]!))}, ${between(i => clean(at[i]!.headline))}`
    );
    from = to + 1;
  }
  return lines;
}

function certificate(p: CertificatePayload): string[] {
  return p.blocks.flatMap((b, i) => {
    const lines = [
      ...(i > 0 ? [''] : []),
      clean(b.title),
      `${clean(b.headline)}  [${b.verdict}]`,
      clean(b.words)
    ];
    const terms = b.terms.map(t => [
      `${clean(t.name)} ${clean(t.symbol)}`.trim(),
      signed(t.number.value),
      labelled(t.number, () => '').trim()
    ]);
    lines.push(
      ...grid(
        [...terms, ['Bound', signed(b.bound.value), labelled(b.bound, () => '').trim()]],
        [false, true, false]
      )
    );
    if (b.truth) lines.push(`Truth: ${labelled(b.truth, fixed)}`);
    if (b.gamma) {
      const star = b.gamma.star === null ? 'none: it fails already at the first Γ' : brief(b.gamma.star);
      lines.push(
        `Weights may be wrong by a factor Γ; now Γ = ${brief(b.gamma.now)}; break-even Γ* = ${star}`,
        ...readings(b.gamma)
      );
    }
    return [...lines, ...b.facts.map(factLine)];
  });
}

function details(payload: ViewPayload): string[] {
  switch (payload.kind) {
    case 'table':
      return table(payload);
    case 'embedding':
      return embedding(payload);
    case 'distribution':
      return distribution(payload);
    case 'training':
      return training(payload);
    case 'report':
      return report(payload);
    case 'certificate':
      return certificate(payload);
    default:
      return payload satisfies never;
  }
}

/** The whole picture in lines of plain text, ending with what it does not show. */
export function describeView(payload: ViewPayload): string {
  const title = payload.subtitle
    ? `${clean(payload.title)}: ${clean(payload.subtitle)}`
    : clean(payload.title);
  const note = clean(payload.note).replace(/^what this (picture|table) does not show:?\s*/i, '');
  return [title, ...details(payload), ...payload.facts.map(factLine), `Not shown: ${note}`].join('\n');
}
