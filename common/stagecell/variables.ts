/**
 * What a notebook's stages have made so far, and which of it a new stage should take. Variables belong together when
 * they descend from the same split: a stage refuses inputs of two.
 */
import { findStageCalls } from './find.js';
import { readImports, type Imports } from './imports.js';
import { parseCell } from './parse.js';
import type { StageData } from './spec.js';
import { makersOf, stageNamed } from './stages.js';

/** A variable that a stage made. */
export interface Made {
  readonly name: string;
  readonly kind: string;
  readonly stage: string;
  /** What went into the stage, nearest first. */
  readonly parents: readonly Made[];
}

export interface NotebookCode {
  readonly imports: Imports;
  /** Made by the cells above, oldest first; a name that was made twice counts as its last. */
  readonly made: readonly Made[];
  /** Every name that occurs anywhere in the notebook. */
  readonly names: ReadonlySet<string>;
}

export interface Missing {
  readonly port: string;
  readonly kind: string;
  /** Titles of the stages that could make it. */
  readonly makers: readonly string[];
}

function collectNames(source: string, names: Set<string>): void {
  parseCell(source).iterate({
    enter(node) {
      if (['VariableName', 'VariableDefinition', 'PropertyDefinition', 'TypeDefinition'].includes(node.name))
        names.add(source.slice(node.from, node.to));
    }
  });
}

/**
 * @param sources code of all code cells, from the top
 * @param above how many of them lie above the place of interest
 */
export function readNotebook(sources: readonly string[], above: number = sources.length): NotebookCode {
  const imports = readImports(sources);
  const names = new Set<string>();
  for (const source of sources) collectNames(source, names);
  const made = new Map<string, Made>();
  for (const source of sources.slice(0, above)) {
    for (const call of findStageCalls(source, imports)) {
      if (!call.output) continue;
      const parents = call.inputs.flatMap(({ variable }) => {
        const parent = variable === undefined ? undefined : made.get(variable);
        return parent ? [parent] : [];
      });
      const { name } = call.output;
      made.delete(name);
      made.set(name, { name, kind: stageNamed(call.stage)!.output, stage: call.stage, parents });
    }
  }
  return { imports, made: [...made.values()], names };
}

/** The variable and all that it was made from, nearest first. */
function lineage(made: Made): Made[] {
  const all = [made];
  // Grows while it is walked: breadth first.
  for (let i = 0; i < all.length; i++) {
    for (const parent of all[i]!.parents) if (!all.includes(parent)) all.push(parent);
  }
  return all;
}

/** The split or simulation that a variable descends from. */
function root(made: Made): Made | undefined {
  return lineage(made).find(ancestor => ancestor.kind === 'data');
}

/** Whether a stage may take both: the same split, and the same embedding where both know one. */
function goTogether(a: Made, b: Made): boolean {
  const spaces = [a, b].map(made => lineage(made).find(ancestor => ancestor.kind === 'space'));
  return root(a) === root(b) && (!spaces[0] || !spaces[1] || spaces[0] === spaces[1]);
}

/** Why no stage takes both, where that is known: "`weights` comes from `data`, `space` from `data2`". */
export function whyApart(a: Made, b: Made): string | undefined {
  for (const kind of ['data', 'space']) {
    const [first, second] = [a, b].map(made => lineage(made).find(ancestor => ancestor.kind === kind));
    if (first && second && first !== second)
      return `\`${a.name}\` comes from \`${first.name}\`, \`${b.name}\` from \`${second.name}\``;
  }
  return undefined;
}

/** `review` itself takes what was not reviewed; every other stage prefers what a person has been through. */
function prefer(stage: StageData, candidates: readonly Made[]): Made | undefined {
  const reviewed = (made: Made): boolean => made.stage === 'review';
  return candidates.find(made => reviewed(made) === (stage.name !== 'review')) ?? candidates[0];
}

/**
 * Fills the ports around one variable; undefined when a required port stays empty.
 * @param pinned the variable itself goes into the first port that takes its kind
 */
function fillAround(
  stage: StageData,
  made: readonly Made[],
  anchor: Made,
  pinned = false
): Map<string, Made> | undefined {
  const near = lineage(anchor);
  const same = [...made].reverse().filter(other => goTogether(other, anchor));
  const filled = new Map<string, Made>();
  const own = pinned && Object.entries(stage.inputs).find(([, { kind }]) => kind === anchor.kind)?.[0];
  if (own) filled.set(own, anchor);
  for (const [port, { kind, optional }] of Object.entries(stage.inputs)) {
    if (filled.has(port)) continue;
    const free = (candidate: Made): boolean =>
      candidate.kind === kind && ![...filled.values()].includes(candidate);
    // What the anchor was made of wins over all: weights and their own denoising belong together.
    const direct = anchor.kind === kind ? undefined : anchor.parents.find(free);
    const nearer = near.filter(free);
    const others = nearer.length > 0 && kind !== 'denoised' ? [] : same.filter(free);
    const chosen = direct ?? prefer(stage, [...nearer, ...others]);
    if (chosen) filled.set(port, chosen);
    else if (!optional) return undefined;
  }
  return filled;
}

/**
 * Port -> variable for a new cell of `stage`, from the latest variables that go together.
 * @param first the variable that it must take, with whatever belongs to it
 */
export function fillInputs(
  stage: StageData,
  code: NotebookCode,
  first?: Made
): ReadonlyMap<string, Made> | undefined {
  const ports = Object.values(stage.inputs);
  if (first)
    return ports.some(port => port.kind === first.kind)
      ? fillAround(stage, code.made, first, true)
      : undefined;
  if (ports.length === 0) return new Map();
  for (const anchor of [...code.made].reverse()) {
    if (!ports.some(port => port.kind === anchor.kind)) continue;
    const filled = fillAround(stage, code.made, anchor);
    if (filled) return filled;
  }
  return undefined;
}

/** The required inputs that no variable above can fill; empty when the stage can be inserted. */
export function missingInputs(stage: StageData, code: NotebookCode, first?: Made): Missing[] {
  if (fillInputs(stage, code, first)) return [];
  const required = Object.entries(stage.inputs).filter(([, spec]) => !spec.optional);
  const lacking = required.filter(([, { kind }]) => !code.made.some(made => made.kind === kind));
  return (lacking.length > 0 ? lacking : required).map(([port, { kind }]) => ({
    port,
    kind,
    // A stage that itself takes this kind is no help to who has none.
    makers: makersOf(kind)
      .filter(maker => !Object.values(maker.inputs).some(input => input.kind === kind))
      .map(maker => maker.title)
  }));
}
