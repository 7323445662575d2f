/**
 * Writes parameters into a stage call's literal as a person would, and touches nothing else: not the formatting, not
 * the comments, not the other properties. Returns edits; applies none. What is computed in code stays the code's.
 */
import type { SyntaxNode } from '@lezer/common';
import type { StageCall } from './find.js';
import { unwrap, writeKey, writeLiteral, type Quote } from './literals.js';
import { callArguments, membersOf, type Member } from './parameters.js';
import { insertMember, removeMember } from './members.js';
import { parseCell } from './parse.js';
import { Patch, type Edit } from './patch.js';
import { stageNamed } from './stages.js';

/** Why a call cannot be edited, for a person to read. */
export interface Refusal {
  readonly reason: string;
}

export type Changes = Readonly<Record<string, unknown>>;

/** The quote that most of the cell's strings stand in; JSON's where there are none. */
function quoteOf(source: string): Quote {
  let single = 0;
  parseCell(source).iterate({
    enter(node) {
      if (node.name === 'String') single += source[node.from] === "'" ? 1 : -1;
    }
  });
  return single > 0 ? "'" : '"';
}

export function hasError(node: SyntaxNode): boolean {
  let found = false;
  node.cursor().iterate(at => {
    found ||= at.type.isError;
  });
  return found;
}

export function shorten(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

interface Parsed {
  readonly object: SyntaxNode;
  readonly members: readonly Member[];
}

/** An object literal on its own. In parentheses, or it would be a block; positions are those of `(text)`. */
function parseObject(text: string): Parsed | undefined {
  const statement = parseCell(text).topNode.firstChild;
  const wrapped = statement?.firstChild;
  const object = wrapped?.name === 'ParenthesizedExpression' ? unwrap(wrapped) : undefined;
  if (object?.name !== 'ObjectExpression' || object.from !== 1 || object.to !== text.length - 1)
    return undefined;
  return hasError(object) ? undefined : { object, members: membersOf(text, object) };
}

/** Why code, and not a literal, decides about a parameter; undefined when it does not. */
function decidedByCode(
  text: string,
  members: readonly Member[],
  name: string,
  remove: boolean
): string | undefined {
  const index = members.map(member => member.name).lastIndexOf(name);
  const unnamed = members.filter((member, i) => member.name === undefined && (remove || i > index)).at(-1);
  const decides = members[index];
  if (decides && 'code' in decides.parameter) {
    const { from, to } = decides.parameter;
    return `${name} is set in code: ${shorten(text.slice(from, to))}`;
  }
  // A new member goes to the end, and so after every spread.
  if (unnamed && (decides || remove))
    return `${name} may be set in code: ${shorten(text.slice(unnamed.from, unnamed.to))}`;
  return undefined;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/** Makes one change in the literal that `patch` holds in parentheses; says why if it cannot. */
function change(patch: Patch, name: string, value: unknown, quote: Quote): string | undefined {
  const { text } = patch;
  const parsed = parseObject(text);
  if (!parsed) return 'the parameters have a syntax error';
  const { object, members } = parsed;
  const nodes = members.map(member => member.node);
  const named = members.filter(member => member.name === name);
  const reason = decidedByCode(text, members, name, value === undefined);
  if (reason !== undefined) return reason;
  if (value === undefined) {
    const gone = named.at(-1);
    if (!gone) return undefined;
    removeMember(patch, object, nodes, gone.node);
    // Given more than once: all go.
    return change(patch, name, value, quote);
  }
  const present = named.at(-1)?.parameter;
  if (present && 'value' in present) {
    if (same(present.value, value)) return undefined;
    const own = text[present.from];
    const code = writeLiteral(value, own === '"' || own === "'" ? own : quote);
    if (code === undefined) return `${name} has no literal for its value`;
    patch.replace(present.from, present.to, code);
    return undefined;
  }
  const code = writeLiteral(value, quote);
  if (code === undefined) return `${name} has no literal for its value`;
  insertMember(patch, object, nodes, `${writeKey(name, quote)}: ${code}`);
  return undefined;
}

/** The literal, in parentheses, with the changes made; or why they cannot be. */
function changed(literal: string, changes: Changes, quote: Quote): Patch | Refusal {
  const patch = new Patch(`(${literal})`);
  for (const [name, value] of Object.entries(changes)) {
    const reason = change(patch, name, value, quote);
    if (reason !== undefined) return { reason };
  }
  // Whoever moves a slider must not break code, however it is written.
  const now = new Map(parseObject(patch.text)?.members.map(({ name, parameter }) => [name, parameter]));
  for (const [name, value] of Object.entries(changes)) {
    const read = now.get(name);
    const right = value === undefined ? !read : read && 'value' in read;
    if (!right) return { reason: `${name} is written in a way that can only be changed in code` };
  }
  return patch;
}

/** The argument that holds the parameters, or undefined when there is none yet; or why it cannot be edited. */
export function editable(
  source: string,
  call: StageCall,
  found: NonNullable<ReturnType<typeof callArguments>>
): SyntaxNode | Refusal | undefined {
  const { list, inputs, params } = found;
  const code = (node: SyntaxNode): string => shorten(source.slice(node.from, node.to));
  if (list.lastChild?.name !== ')') return { reason: `the call of ${call.stage} is not finished` };
  if (list.getChild('Spread')) return { reason: `what ${call.stage} takes is set in code: ${code(list)}` };
  if (params) {
    const object = unwrap(params);
    if (object.name === 'ObjectExpression' || code(object) === 'undefined') return object;
    return { reason: `the parameters of ${call.stage} are set in code: ${code(params)}` };
  }
  const takes = Object.keys(stageNamed(call.stage)?.inputs ?? {}).length > 0;
  return takes && !inputs ? { reason: `${call.stage} has no inputs yet` } : undefined;
}

/**
 * The edits that give a call these parameters: in order and apart from each other; none where nothing differs. A value
 * of undefined takes the parameter out, so that the stage's default holds.
 * @param call as findStageCalls found it in this very source
 */
export function editParameters(source: string, call: StageCall, changes: Changes): Edit[] | Refusal {
  const found = callArguments(source, call);
  if (!found) return { reason: 'the code has changed' };
  const params = editable(source, call, found);
  if (params && 'reason' in params) return params;
  const literal = params?.name === 'ObjectExpression' ? source.slice(params.from, params.to) : '{}';
  const patch = changed(literal, changes, quoteOf(source));
  if ('reason' in patch) return patch;
  if (patch.edits.length === 0) return [];
  if (params?.name === 'ObjectExpression') {
    // One for the parenthesis in front.
    const shift = params.from - 1;
    return patch.edits.map(({ from, to, insert }) => ({ from: from + shift, to: to + shift, insert }));
  }
  const written = patch.text.slice(1, -1);
  if (params) return [{ from: params.from, to: params.to, insert: written }];
  const whole = new Patch(source);
  insertMember(whole, found.list, found.given, written, '');
  return whole.edits;
}
