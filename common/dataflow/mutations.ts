/**
 * Which of other cells' objects a cell may change in place, by what its code says: `x.y = 1`, `delete x.y`,
 * `x.push(1)`, `Object.assign(x, y)`. A change by way of a second name or of a called function is not seen: this
 * flags, and proves nothing.
 */
import { isNode, type SyntaxNode } from './parse.js';

/** Methods of arrays, maps, sets and typed arrays that change what they are called on. */
const CHANGING = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear'.split(' ')
);

/** Functions of `Object` and `Reflect` that change their first argument. */
const CHANGING_FIRST = new Set(
  'assign defineProperty defineProperties setPrototypeOf deleteProperty set'.split(' ')
);

/** Parts of an expression that stand for the value that they hold. */
const THROUGH: Readonly<Record<string, string>> = {
  MemberExpression: 'object',
  ChainExpression: 'expression',
  ParenthesizedExpression: 'expression',
  TSNonNullExpression: 'expression',
  TSAsExpression: 'expression',
  TSSatisfiesExpression: 'expression',
  TSTypeAssertion: 'expression'
};

/** The identifier at the root of `a.b[c]!.d`. */
function rootOf(node: unknown): SyntaxNode | undefined {
  let at = node;
  while (isNode(at)) {
    if (at.type === 'Identifier') return at;
    const inner = THROUGH[at.type];
    if (inner === undefined) return undefined;
    at = at[inner];
  }
  return undefined;
}

/** The member that is written to, through parentheses and types; undefined where a plain name is. */
function member(node: unknown): SyntaxNode | undefined {
  let at = node;
  while (isNode(at) && at.type !== 'MemberExpression') {
    const inner = THROUGH[at.type];
    if (inner === undefined) return undefined;
    at = at[inner];
  }
  return isNode(at) ? at : undefined;
}

/** The members that an assignment's left side writes to. */
function targets(pattern: unknown): SyntaxNode[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'ObjectPattern':
      return (pattern.properties as unknown[]).flatMap(targets);
    case 'ArrayPattern':
      return (pattern.elements as unknown[]).flatMap(targets);
    case 'Property':
      return targets(pattern.value);
    case 'AssignmentPattern':
      return targets(pattern.left);
    case 'RestElement':
      return targets(pattern.argument);
    default: {
      const written = member(pattern);
      return written ? [written] : [];
    }
  }
}

function propertyName(node: SyntaxNode): string | undefined {
  const { property, computed } = node;
  if (!isNode(property)) return undefined;
  if (computed !== true) return typeof property.name === 'string' ? property.name : undefined;
  return typeof property.value === 'string' ? property.value : undefined;
}

function changedByCall(node: SyntaxNode): unknown {
  const callee = member(node.callee);
  if (!callee) return undefined;
  const name = propertyName(callee);
  if (name === undefined) return undefined;
  const object = callee.object;
  if (
    isNode(object) &&
    object.type === 'Identifier' &&
    (object.name === 'Object' || object.name === 'Reflect')
  )
    return CHANGING_FIRST.has(name) ? (node.arguments as unknown[])[0] : undefined;
  return CHANGING.has(name) ? object : undefined;
}

function changedBy(node: SyntaxNode): readonly unknown[] {
  switch (node.type) {
    case 'AssignmentExpression':
    case 'ForInStatement':
    case 'ForOfStatement':
      return targets(node.left);
    case 'UpdateExpression':
      return [member(node.argument)];
    case 'UnaryExpression':
      return node.operator === 'delete' ? [member(node.argument)] : [];
    case 'CallExpression':
      return [changedByCall(node)];
    default:
      return [];
  }
}

/**
 * @param nodes all nodes of the cell's program
 * @param free start of each identifier that is free in the cell
 */
export function readMutations(nodes: readonly SyntaxNode[], free: ReadonlyMap<number, string>): string[] {
  const found = new Set<string>();
  if (free.size === 0) return [];
  for (const node of nodes) {
    for (const changed of changedBy(node)) {
      const root = rootOf(changed);
      const name = root && free.get(root.start);
      if (name !== undefined) found.add(name);
    }
  }
  return [...found];
}
