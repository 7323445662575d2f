/**
 * A stage call as a form: for each parameter of the schema what the code gives, and whether a form may change it.
 * Reads code; edit.ts writes it. And how two readings of a call differ, in words.
 */
import { editable, hasError, shorten } from './edit.js';
import type { Range, StageCall } from './find.js';
import { unwrap, writeLiteral } from './literals.js';
import { callArguments, membersOf } from './parameters.js';
import type { JsonSchema } from './spec.js';
import { stageNamed } from './stages.js';

export interface FormParameter {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** `literal`: written in the code; `code`: computed there; `default`: not given; `missing`: required, not given. */
  readonly given: 'literal' | 'code' | 'default' | 'missing';
  /** The literal's value, or the default. */
  readonly value?: unknown;
  /** The code that decides. */
  readonly code?: string;
  /** Where value or code stands in the cell's source. */
  readonly range?: Range;
}

export interface CallForm {
  readonly stage: string;
  readonly title: string;
  /** The variable that the result goes to. */
  readonly output?: string;
  readonly parameters: readonly FormParameter[];
  /** Parameters in the code that the stage does not know. */
  readonly unknown: readonly string[];
  /** Why the parameters as a whole cannot be changed in a form. */
  readonly closed?: string;
  /** The call does not parse as it stands: what was read of it last still holds. */
  readonly broken: boolean;
}

/** @param call as findStageCalls found it in this very source */
export function readForm(source: string, call: StageCall): CallForm {
  const stage = stageNamed(call.stage);
  const { properties = {}, required = [] } = stage?.params ?? {};
  const found = callArguments(source, call);
  const node = found && editable(source, call, found);
  const refused = node && 'reason' in node ? node.reason : undefined;
  const object = found?.params && unwrap(found.params);
  const members = object?.name === 'ObjectExpression' ? membersOf(source, object) : [];
  const text = ({ from, to }: Range): string => shorten(source.slice(from, to));
  const read = (name: string, schema: JsonSchema): FormParameter => {
    const needed = required.includes(name);
    const index = members.map(member => member.name).lastIndexOf(name);
    // What is spread in after a property overrides it, and so may what is computed.
    const over = members.filter((member, i) => member.name === undefined && i > index).at(-1);
    const base = { name, schema, required: needed };
    if (over) return { ...base, given: 'code', code: text(over), range: { from: over.from, to: over.to } };
    const { parameter } = members[index] ?? {};
    if (!parameter) {
      return 'default' in schema
        ? { ...base, given: 'default', value: schema['default'] }
        : { ...base, given: needed ? 'missing' : 'default' };
    }
    const range = { from: parameter.from, to: parameter.to };
    if ('code' in parameter) return { ...base, given: 'code', code: text(parameter), range };
    // Written as undefined it is as if it were not given.
    if (parameter.value === undefined) return { ...base, given: 'default', value: schema['default'], range };
    return { ...base, given: 'literal', value: parameter.value, range };
  };
  return {
    stage: call.stage,
    title: stage?.title ?? call.stage,
    ...(call.output ? { output: call.output.name } : {}),
    parameters: Object.entries(properties).map(([name, schema]) => read(name, schema)),
    unknown: members.flatMap(({ name }) => (name !== undefined && !(name in properties) ? [name] : [])),
    ...(refused === undefined ? {} : { closed: refused }),
    broken: !found || found.list.lastChild?.name !== ')' || hasError(found.list)
  };
}

/** A parameter that is not what it was. */
export interface Difference {
  readonly name: string;
  readonly was: string;
  readonly is: string;
  /** Where it stands in the later source. */
  readonly range?: Range;
}

/** A value as a person would write it, short; "nothing" for none. */
export function valueInWords(parameter: Pick<FormParameter, 'code' | 'value'> | undefined): string {
  if (parameter?.code !== undefined) return parameter.code;
  if (parameter?.value === undefined) return 'nothing';
  return shorten(writeLiteral(parameter.value, '"') ?? String(parameter.value));
}

/** What has changed from one reading of a call to a later one of the same. */
export function differences(then: CallForm, now: CallForm): Difference[] {
  return now.parameters.flatMap(parameter => {
    const was = valueInWords(then.parameters.find(({ name }) => name === parameter.name));
    const is = valueInWords(parameter);
    if (was === is) return [];
    return [{ name: parameter.name, was, is, ...(parameter.range ? { range: parameter.range } : {}) }];
  });
}
