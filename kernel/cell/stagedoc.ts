/**
 * What completion and hover say of a stage and of its parameters. The types know their names and kinds; what
 * they are for, their defaults and ranges stand in the specification that the function carries at run time.
 */
import { boundsInWords } from '../../common/schema.js';
import type { StageSpec } from '../../common/stage.js';
import { ts, type TypeScript } from './typescript.js';

/** A value that a name, or a name of an imported module, has now; undefined when it is not known. */
export type Lookup = (name: string, member?: string) => unknown;

type Schema = Record<string, unknown>;

function specOf(value: unknown): StageSpec | undefined {
  if (typeof value !== 'function' || !Object.hasOwn(value, 'spec')) return undefined;
  const { spec } = value as { spec?: Partial<StageSpec> };
  return spec && typeof spec === 'object' && spec.params && spec.inputs ? (spec as StageSpec) : undefined;
}

/** The stage that an expression such as `hysim.denoise` names. */
export function stageOf(expression: TypeScript.Node, lookup: Lookup): StageSpec | undefined {
  if (ts.isIdentifier(expression)) return specOf(lookup(expression.text));
  if (ts.isPropertyAccessExpression(expression) && ts.isIdentifier(expression.expression))
    return specOf(lookup(expression.expression.text, expression.name.text));
  return undefined;
}

/** The call and the argument that an object literal is. */
function callOf(literal: TypeScript.Node): { call: TypeScript.CallExpression; index: number } | undefined {
  const call = literal.parent;
  if (!ts.isCallExpression(call)) return undefined;
  const index = call.arguments.indexOf(literal as TypeScript.Expression);
  return index < 0 ? undefined : { call, index };
}

/** Documentation of a property of an object literal that is given to a stage; `node` lies in the literal. */
export function propertyDoc(node: TypeScript.Node, name: string, lookup: Lookup): string | undefined {
  const literal = ts.findAncestor(node, ts.isObjectLiteralExpression);
  const found = literal && callOf(literal);
  const spec = found && stageOf(found.call.expression, lookup);
  if (!spec) return undefined;
  const hasInputs = Object.keys(spec.inputs).length > 0;
  if (hasInputs && found.index === 0) {
    const input = spec.inputs[name];
    return input && `${sentence(input.description)} A value of kind \`${input.kind}\`.`;
  }
  const schema = (spec.params.properties as Record<string, Schema>)[name];
  return schema && parameterDoc(schema);
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** "an integer from 4 to 512" */
function kind(schema: Schema): string {
  const options = schema.anyOf as Schema[] | undefined;
  if (options) return options.map(kind).join(' or ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.type === 'null') return 'null';
  const named = typeof schema.type === 'string' ? schema.type : 'value';
  return `${/^[aeiou]/.test(named) ? 'an' : 'a'} ${named}${boundsInWords(schema)}`;
}

function parameterDoc(schema: Schema): string {
  const description = typeof schema.description === 'string' ? `${sentence(schema.description)} ` : '';
  const words = kind(schema);
  const preset = 'default' in schema ? ` Default: \`${JSON.stringify(schema.default)}\`.` : '';
  return `${description}${words[0]!.toUpperCase()}${words.slice(1)}.${preset}`;
}

/** A stage in Markdown: what it does, what it takes, what it gives. */
export function stageDoc(spec: StageSpec): string {
  const inputs = Object.entries(spec.inputs).map(
    ([name, { kind, description, optional }]) =>
      `- \`${name}\`${optional ? ' (optional)' : ''}: ${description} (${kind})`
  );
  const params = Object.entries(spec.params.properties as Record<string, Schema>).map(
    ([name, schema]) => `- \`${name}\`: ${parameterDoc(schema)}`
  );
  return [
    `**${spec.title}.** ${spec.description}`,
    ...(inputs.length > 0 ? [`Inputs:\n\n${inputs.join('\n')}`] : []),
    ...(params.length > 0 ? [`Parameters:\n\n${params.join('\n')}`] : []),
    `Gives a value of kind \`${spec.output}\`.`
  ].join('\n\n');
}
