/**
 * The stage calls in a cell's code: which stage, which variable goes into which port, which variable comes out, and
 * where all that stands. Reads whatever text a person may have typed; changes nothing.
 */
import type { SyntaxNode } from '@lezer/common';
import { DEFAULT_NAME, importsLibrary, type Imports } from './imports.js';
import { before, children, literal, parseCell } from './parse.js';
import type { StageData } from './spec.js';
import { stageNamed } from './stages.js';

/** Characters `from` (included) to `to` (excluded) of the cell's source. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface StageArgument extends Range {
  readonly port: string;
  /** The code that is passed to the port. */
  readonly code: string;
  /** The variable that is passed, when the code is just that. */
  readonly variable?: string;
}

export interface StageCall extends Range {
  readonly stage: string;
  readonly inputs: readonly StageArgument[];
  /** The variable that the result is assigned to. */
  readonly output?: Range & { readonly name: string };
  /** The argument that holds the parameters, when there is one. */
  readonly params?: Range;
}

const NO_IMPORTS: Imports = { namespaces: [DEFAULT_NAME], stages: new Map() };

function stageOf(source: string, callee: SyntaxNode, imports: Imports): string | undefined {
  const text = (node: SyntaxNode): string => source.slice(node.from, node.to);
  let node = callee;
  if (node.name === 'InstantiationExpression' && node.firstChild) node = node.firstChild;
  if (node.name === 'VariableName') return imports.stages.get(text(node));
  if (node.name !== 'MemberExpression') return undefined;
  const [object, ...rest] = children(node);
  const property = rest.at(-1);
  if (object?.name !== 'VariableName' || property?.name !== 'PropertyName') return undefined;
  return imports.namespaces.includes(text(object)) ? text(property) : undefined;
}

function readInputs(source: string, object: SyntaxNode): StageArgument[] {
  const found: StageArgument[] = [];
  for (const property of children(object)) {
    const [key, colon, value] = property.name === 'Property' ? children(property) : [];
    if (key?.name !== 'PropertyDefinition' && key?.name !== 'String') continue;
    const port = key.name === 'String' ? literal(source, key) : source.slice(key.from, key.to);
    const given = value ?? (colon ? undefined : key);
    if (!given || given.type.isError) continue;
    const code = source.slice(given.from, given.to);
    const variable = given === key || given.name === 'VariableName' ? code : undefined;
    found.push({ port, code, variable, from: given.from, to: given.to });
  }
  return found;
}

/** The variable that the value of `call` ends up in, through `await`, parentheses and `as`. */
function outputOf(source: string, call: SyntaxNode): StageCall['output'] {
  let node = call;
  while (
    node.parent &&
    (['AwaitExpression', 'ParenthesizedExpression'].includes(node.parent.name) ||
      (node.parent.name === 'BinaryExpression' && node.nextSibling?.name === 'as'))
  ) {
    node = node.parent;
  }
  const equals = before(node);
  if (equals?.name !== 'Equals') return undefined;
  let target = before(equals);
  if (target?.name === 'TypeAnnotation') target = before(target);
  if (target?.name !== 'VariableDefinition' && target?.name !== 'VariableName') return undefined;
  return { name: source.slice(target.from, target.to), from: target.from, to: target.to };
}

/** What a call is given: its inputs where the stage takes any, and its parameters. */
export function argumentsOf(
  stage: StageData,
  list: SyntaxNode
): { inputs?: SyntaxNode; params?: SyntaxNode; given: SyntaxNode[] } {
  const given = children(list).filter(part => !['(', ')', ','].includes(part.name) && !part.type.isError);
  const takes = Object.keys(stage.inputs).length > 0;
  return { inputs: takes ? given[0] : undefined, params: given[takes ? 1 : 0], given };
}

/**
 * The calls of known stages, in the order of the text.
 * @param imports of the whole notebook; one that imports nothing is read as if it had imported `hysim`
 */
export function findStageCalls(source: string, imports: Imports = NO_IMPORTS): StageCall[] {
  const known = importsLibrary(imports) ? imports : NO_IMPORTS;
  const names = [...known.namespaces, ...known.stages.keys()];
  if (!names.some(name => source.includes(name))) return [];
  const calls: StageCall[] = [];
  parseCell(source).iterate({
    enter(at) {
      // Asking for the node itself is dear: only where it matters.
      if (at.name !== 'CallExpression') return;
      const { node } = at;
      const callee = node.firstChild;
      const list = node.getChild('ArgList');
      if (!callee || !list) return;
      const stage = stageOf(source, callee, known);
      const spec = stage === undefined ? undefined : stageNamed(stage);
      if (!spec) return;
      const { inputs, params } = argumentsOf(spec, list);
      calls.push({
        stage: spec.name,
        from: node.from,
        to: node.to,
        inputs: inputs?.name === 'ObjectExpression' ? readInputs(source, inputs) : [],
        output: outputOf(source, node),
        params: params && { from: params.from, to: params.to }
      });
    }
  });
  return calls;
}
