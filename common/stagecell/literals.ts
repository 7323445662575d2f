/** Literal values in a cell's code: read from the syntax tree, and written as a person would. Evaluates nothing. */
import type { SyntaxNode } from '@lezer/common';
import { children } from './parse.js';

export type Quote = '"' | "'";

/** Nested deeper, a literal is taken for code. */
const DEEPEST = 64;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0'
};

/** The text of a string literal or of a template without `${}`. */
export function readString(source: string, node: SyntaxNode): string {
  return source
    .slice(node.from + 1, node.to - 1)
    .replace(
      /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[^]))/gi,
      (whole: string, braced?: string, four?: string, two?: string, one?: string) => {
        const code = braced ?? four ?? two;
        if (code !== undefined) {
          const point = parseInt(code, 16);
          return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
        }
        return /^[\r\n\u2028\u2029]/.test(one!) ? '' : (ESCAPES[one!] ?? one!);
      }
    );
}

/** Without the parentheses and the `as const` around it. */
export function unwrap(node: SyntaxNode): SyntaxNode {
  for (let inner = node; ;) {
    const [first, second, third] = children(inner);
    if (inner.name === 'ParenthesizedExpression' && second && third) inner = second;
    else if (inner.name === 'BinaryExpression' && second?.name === 'as' && third?.name === 'const' && first)
      inner = first;
    else return inner;
  }
}

function readNumber(text: string): { value: number } | undefined {
  const value = Number(text.replace(/_/g, ''));
  return text.endsWith('n') || Number.isNaN(value) ? undefined : { value };
}

function readArray(source: string, node: SyntaxNode, depth: number): { value: unknown[] } | undefined {
  const values: unknown[] = [];
  let expected = true;
  for (const part of children(node)) {
    if (part.name === '[' || part.name === ']') continue;
    if (part.name === ',') {
      if (expected) return undefined;
      expected = true;
      continue;
    }
    const read = readLiteral(source, part, depth + 1);
    if (!read || !expected) return undefined;
    values.push(read.value);
    expected = false;
  }
  return { value: values };
}

/** The name that a property's key stands for; undefined for one that is computed. */
export function keyOf(source: string, property: SyntaxNode): string | undefined {
  const [first, second] = children(property);
  if (first?.name === '[') return second?.name === 'String' ? readString(source, second) : undefined;
  const key = ['get', 'set', 'async'].includes(first?.name ?? '') && second?.name !== ':' ? second : first;
  if (key?.name === 'String') return readString(source, key);
  if (key?.name === 'Number') return String(Number(source.slice(key.from, key.to)));
  return key && key.name !== 'Spread' ? source.slice(key.from, key.to) : undefined;
}

/** What stands after a property's colon. */
export function valueOf(property: SyntaxNode): SyntaxNode | undefined {
  const parts = children(property);
  const colon = parts.findIndex(part => part.name === ':');
  return colon < 0 ? undefined : parts[colon + 1];
}

function readObject(
  source: string,
  node: SyntaxNode,
  depth: number
): { value: Record<string, unknown> } | undefined {
  const entries: [string, unknown][] = [];
  for (const property of children(node)) {
    if (['{', '}', ','].includes(property.name)) continue;
    const key = property.name === 'Property' ? keyOf(source, property) : undefined;
    const given = valueOf(property);
    const read = key === undefined || !given ? undefined : readLiteral(source, given, depth + 1);
    if (key === undefined || !read) return undefined;
    // Written so it sets the prototype, which is no value; as a computed key it is one.
    if (key === '__proto__' && property.firstChild?.name !== '[') return undefined;
    entries.push([key, read.value]);
  }
  return { value: Object.fromEntries(entries) };
}

/** The value of a literal, of arrays and objects of literals too; undefined when it is computed. */
export function readLiteral(source: string, at: SyntaxNode, depth = 0): { value: unknown } | undefined {
  if (depth > DEEPEST) return undefined;
  const node = unwrap(at);
  const text = source.slice(node.from, node.to);
  switch (node.name) {
    case 'Number':
      return readNumber(text);
    case 'String':
      return { value: readString(source, node) };
    case 'TemplateString':
      return node.getChild('Interpolation') ? undefined : { value: readString(source, node) };
    case 'BooleanLiteral':
      return { value: text === 'true' };
    case 'null':
      return { value: null };
    case 'VariableName':
      return text === 'undefined' ? { value: undefined } : undefined;
    case 'UnaryExpression': {
      const [sign, operand] = children(node);
      const read =
        operand?.name === 'Number' ? readNumber(source.slice(operand.from, operand.to)) : undefined;
      const operator = sign && source.slice(sign.from, sign.to);
      if (!read || (operator !== '-' && operator !== '+')) return undefined;
      return { value: operator === '-' ? -read.value : read.value };
    }
    case 'ArrayExpression':
      return readArray(source, node, depth);
    case 'ObjectExpression':
      return readObject(source, node, depth);
    default:
      return undefined;
  }
}

/** A number without the tail that floating point leaves: 0.3 for 0.1 + 0.2, and for 0.3 that was a 32-bit float. */
export function shortNumber(value: number): number {
  if (Number.isInteger(value)) return value + 0;
  const short = Number(value.toPrecision(12));
  if (Math.fround(value) !== value || String(short).length <= 9) return short;
  for (let digits = 1; digits <= 9; digits++) {
    const tried = Number(value.toPrecision(digits));
    if (Math.fround(tried) === value) return tried;
  }
  return short;
}

/** What a reader does not see, or sees elsewhere than it stands: it is written as an escape. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escape(sign: string): string {
  const units = Array.from({ length: sign.length }, (_, i) => sign.charCodeAt(i).toString(16));
  return units.map(unit => `\\u${unit.padStart(4, '0')}`).join('');
}

function writeString(value: string, quote: Quote): string {
  const text = JSON.stringify(value).slice(1, -1).replace(UNSEEN, escape);
  return quote === '"' ? `"${text}"` : `'${text.replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
}

/** A property's key as it is written before the colon. */
export function writeKey(key: string, quote: Quote): string {
  if (key === '__proto__') return `[${writeString(key, quote)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : writeString(key, quote);
}

/** A JSON-like value as TypeScript; undefined for what has no literal: NaN, functions, and the like. */
export function writeLiteral(value: unknown, quote: Quote, depth = 0): string | undefined {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value, quote);
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(shortNumber(value)).replace('e+', 'e') : undefined;
  if (typeof value !== 'object' || depth > DEEPEST) return undefined;
  const parts: string[] = [];
  for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const text = writeLiteral(inner, quote, depth + 1);
    if (text === undefined) return undefined;
    parts.push(typeof key === 'number' ? text : `${writeKey(key, quote)}: ${text}`);
  }
  if (Array.isArray(value)) return `[${parts.join(', ')}]`;
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
}
