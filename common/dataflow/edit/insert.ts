/** A stage from the palette as a new cell with its inputs filled, and what the palette says of each stage. */
import {
  STAGES,
  missingInputs,
  readNotebook,
  fillInputs,
  stageCode,
  stageNamed,
  type Made,
  type NotebookCode,
  type StageData
} from '../../stagecell/index.js';
import { kindOf, nodeOf, sourcesOf, type Output, type Proposal, type Subject } from './proposal.js';

export interface Where {
  /** Below this cell, if its inputs are made above. */
  readonly after?: string;
  /** What it is to take first. */
  readonly from?: Output;
  /** Values of optional parameters that a person wants in new cells. */
  readonly wanted?: Readonly<Record<string, unknown>>;
}

/** What the stages have made in the first cells; `names` of all. */
function codeOf(subject: Subject, above = subject.flow.nodes.length): NotebookCode {
  return readNotebook(sourcesOf(subject), above);
}

/** A name as something that a stage may take; undefined where its kind is not known. */
function madeOf(subject: Subject, from: Output, code: NotebookCode): Made | undefined {
  const known = code.made.find(made => made.name === from.name);
  if (known) return known;
  const kind = kindOf(subject, from);
  return kind && { name: from.name, kind, stage: '', parents: [] };
}

/** Why the stage cannot be inserted; empty when it can. */
function obstacle(stage: StageData, code: NotebookCode, first?: Made): string {
  if (first && !Object.values(stage.inputs).some(({ kind }) => kind === first.kind))
    return `takes no ${first.kind}`;
  const missing = missingInputs(stage, code, first);
  if (missing.length === 0) return '';
  const needs = missing.map(({ port, makers }) =>
    makers.length > 0 ? `${port} (from ${makers.join(' or ')})` : port
  );
  const words = `needs ${needs.join(', ')}`;
  return first ? `${words} that goes with \`${first.name}\`` : words;
}

/** The cell above which everything that the stage takes is made. */
function lastMaker(subject: Subject, names: Iterable<string>): number {
  const wanted = new Set(names);
  return Math.max(
    -1,
    ...subject.flow.nodes
      .filter(({ code }) => code.defines.some(name => wanted.has(name)))
      .map(node => node.index)
  );
}

/** A new cell that calls the stage, after the last cell that it takes something from, or further down as asked. */
export function insertStage(subject: Subject, name: string, { after, from, wanted }: Where = {}): Proposal {
  const stage = stageNamed(name);
  if (!stage) return { reason: `no stage is called ${name}` };
  const { nodes } = subject.flow;
  const place = after === undefined ? -1 : subject.cells.indexOf(after);
  if (after !== undefined && place < 0) return { reason: 'the cell is no longer in the notebook' };
  const above = nodes.filter(node => subject.cells.indexOf(node.id) <= place).length;
  const maker = from && nodeOf(subject, from.cell);
  if (from && !maker) return { reason: 'the cell is no longer in the notebook' };
  // What is made above the place is taken first: the new cell then stands where it was asked for.
  const reaches = [Math.max(above, maker ? maker.index + 1 : 0), nodes.length];
  const options = reaches
    .filter(reach => reach > 0 || nodes.length === 0 || after !== undefined)
    .map(reach => {
      const code = codeOf(subject, reach);
      const first = from && madeOf(subject, from, code);
      return { code, first, obstacle: obstacle(stage, code, first) };
    });
  const chosen = options.find(option => option.obstacle === '') ?? options.at(-1)!;
  if (from && !chosen.first)
    return { reason: `what \`${from.name}\` is will be known when its cell has run` };
  if (chosen.obstacle !== '') return { reason: `${stage.title} ${chosen.obstacle}` };
  const { code, first } = chosen;
  const taken = [...(fillInputs(stage, code, first)?.values() ?? [])].map(made => made.name);
  const library = [...code.imports.namespaces.slice(0, 1), ...code.imports.stages.keys()];
  const last = nodes[lastMaker(subject, [...taken, ...library])]?.id;
  const below = last !== undefined && subject.cells.indexOf(last) > place ? last : after;
  return {
    edits: [
      {
        do: 'insert',
        after: below ?? (place < 0 ? subject.cells.at(-1) : undefined),
        source: stageCode(stage, code, wanted, first)
      }
    ]
  };
}

/** What the palette says of a stage. */
export interface PaletteEntry {
  readonly stage: string;
  /** It takes what the chosen cell makes. */
  readonly takes: boolean;
  /** What of the chosen cell it takes. */
  readonly output?: Output;
  /** Why it cannot be inserted; empty when it can. */
  readonly obstacle: string;
}

/** Every stage, in the order of the library. */
export function palette(subject: Subject, cell?: string): PaletteEntry[] {
  const code = codeOf(subject);
  const node = cell === undefined ? undefined : nodeOf(subject, cell);
  const names = new Set([...(node?.code.defines ?? [])].reverse());
  const outputs = [...names].flatMap(name => {
    const output = { cell: cell!, name };
    const made = kindOf(subject, output) && madeOf(subject, output, code);
    return made ? [{ output, made }] : [];
  });
  return STAGES.map(stage => {
    const fits = outputs.filter(({ made }) =>
      Object.values(stage.inputs).some(({ kind }) => kind === made.kind)
    );
    const free = fits.find(({ made }) => fillInputs(stage, code, made)) ?? fits[0];
    return {
      stage: stage.name,
      takes: free !== undefined,
      ...(free ? { output: free.output } : {}),
      obstacle: obstacle(stage, code, free?.made)
    };
  });
}
