/**
 * Writes which variable goes into a port of a stage call, and touches nothing else of the cell. Knows no kinds and no
 * other cells: whether the variable fits is asked elsewhere. Returns edits; applies none.
 */
import type { SyntaxNode } from '@lezer/common';
import { hasError, shorten, type Refusal } from './edit.js';
import type { StageCall } from './find.js';
import { unwrap, valueOf } from './literals.js';
import { insertMember, removeMember } from './members.js';
import { callArguments, membersOf, type Member } from './parameters.js';
import { children } from './parse.js';
import { Patch, type Edit } from './patch.js';

/** A property that passes a variable: its key, and the variable where it is not the key. */
function passed(property: SyntaxNode): { key: SyntaxNode; value?: SyntaxNode } | undefined {
  const [key, ...more] = children(property);
  const value = valueOf(property);
  if (!key || (!value && more.length > 0)) return undefined;
  return value && value.name !== 'VariableName' ? undefined : { key, ...(value ? { value } : {}) };
}

function replace(patch: Patch, member: Member, port: string, variable: string): void {
  const { key, value } = passed(member.node)!;
  const whole = value && !children(member.node).some(part => part.type.isError);
  const comments = member.node.getChildren('BlockComment').concat(member.node.getChildren('LineComment'));
  if (!value) patch.replace(key.from, key.to, variable === port ? port : `${port}: ${variable}`);
  else if (whole && variable === port && key.name === 'PropertyDefinition' && comments.length === 0)
    patch.replace(member.from, member.to, port);
  else patch.replace(value.from, value.to, variable);
}

/** The object literal that holds the inputs; undefined where the call gives none yet. */
function inputsOf(
  source: string,
  call: StageCall,
  { list, inputs }: NonNullable<ReturnType<typeof callArguments>>
): SyntaxNode | Refusal | undefined {
  const code = (node: SyntaxNode): string => shorten(source.slice(node.from, node.to));
  if (list.lastChild?.name !== ')') return { reason: `the call of ${call.stage} is not finished` };
  if (list.getChild('Spread')) return { reason: `what ${call.stage} takes is set in code: ${code(list)}` };
  const object = inputs && unwrap(inputs);
  if (object && object.name !== 'ObjectExpression')
    return { reason: `the inputs of ${call.stage} are set in code: ${code(object)}` };
  if (object && hasError(object)) return { reason: `the inputs of ${call.stage} have a syntax error` };
  return object;
}

/**
 * The edits after which `port` of the call takes `variable`, or nothing where that is undefined.
 * @param call as findStageCalls found it in this very source
 */
export function editInput(
  source: string,
  call: StageCall,
  port: string,
  variable: string | undefined
): Edit[] | Refusal {
  const found = callArguments(source, call);
  if (!found) return { reason: 'the code has changed' };
  const object = inputsOf(source, call, found);
  if (object && 'reason' in object) return object;
  const patch = new Patch(source);
  if (!object) {
    const written = variable === port ? port : `${port}: ${variable}`;
    if (variable !== undefined) insertMember(patch, found.list, [], `{ ${written} }`, '');
    return patch.edits;
  }
  const members = membersOf(source, object);
  const unnamed = members.find(member => member.name === undefined);
  if (unnamed)
    return {
      reason: `the inputs of ${call.stage} may be set in code: ${shorten(source.slice(unnamed.from, unnamed.to))}`
    };
  const named = members.filter(member => member.name === port);
  const computed = named.find(member => !passed(member.node));
  if (computed) {
    const { from, to } = computed.parameter;
    return { reason: `${port} of ${call.stage} is set in code: ${shorten(source.slice(from, to))}` };
  }
  if (named.length > 1) return { reason: `${call.stage} is given ${port} more than once` };
  const nodes = members.map(member => member.node);
  const [present] = named;
  if (variable === undefined) {
    if (present) removeMember(patch, object, nodes, present.node);
  } else if (!present) {
    insertMember(patch, object, nodes, variable === port ? port : `${port}: ${variable}`);
  } else {
    const { key, value } = passed(present.node)!;
    const now = value ?? key;
    if (source.slice(now.from, now.to) === variable) return [];
    replace(patch, present, port, variable);
  }
  return patch.edits;
}
