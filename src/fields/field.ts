/**
 * One parameter as a control, made from its schema: a slider with its number, a choice, a switch, a text, a list, a
 * table of columns. Tells what a person sets and what they type that is no value; knows no code and no kernel.
 */
import { allowed, optionsOf } from '../../common/schema.js';
import type { JsonSchema, PathKind } from '../../common/stagecell/index.js';
import { pathKind } from '../../common/stagecell/index.js';
import { chips } from './chips.js';
import { columns } from './columns.js';
import { numeric, optionalNumber } from './number.js';
import { choice, picks, text, toggle } from './simple.js';

export interface Field {
  readonly node: HTMLElement;
  /**
   * What the code says. A text that says the same, or that is being mended, is left as it was typed, unless the
   * control is to begin anew.
   */
  set(value: unknown, anew?: boolean): void;
  disable(disabled: boolean): void;
}

export interface FieldOptions {
  readonly name: string;
  readonly schema: JsonSchema;
  /** The person has set a value; it may come with each key and each pixel. */
  change(value: unknown): void;
  /** They have let go: what changed since the last time is one gesture. */
  settle?(): void;
  /** What stands in the control is no value. */
  reject?(value: unknown): void;
  /** Lets them choose a path; undefined when they do not. */
  browse?(kind: PathKind, now: string): Promise<string | undefined>;
}

/** Why what stands in a control is no value: "neighbors must be an integer from 4 to 512, not 3". */
export function refusalOf(name: string, schema: JsonSchema, value: unknown): string {
  const shown = typeof value === 'string' ? value.trim() || 'nothing' : JSON.stringify(value);
  return `${name} must be ${allowed(schema)}, not ${shown}`;
}

/** The control of one parameter; undefined where a schema says more than a control can hold. */
export function fieldOf(options: FieldOptions): Field | undefined {
  const { schema } = options;
  const any = optionsOf(schema);
  const number = any.find(option => option['type'] === 'number' || option['type'] === 'integer');
  if (any.length > 0 && any.every(option => 'const' in option)) return choice(options);
  if (any.length === 2 && number && any.some(option => option['type'] === 'null'))
    return optionalNumber({ ...options, schema: number });
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return numeric(options);
    case 'boolean':
      return toggle(options);
    case 'string':
      return text(options, pathKind(schema));
    case 'array': {
      const items = schema['items'] as JsonSchema;
      if (optionsOf(items).length > 0 && optionsOf(items).every(option => 'const' in option))
        return picks(options);
      return items['type'] === 'string' ? chips(options) : undefined;
    }
    case 'object':
      return 'patternProperties' in schema ? columns(options) : undefined;
    default:
      return undefined;
  }
}
