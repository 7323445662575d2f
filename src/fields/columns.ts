/** Columns and the values that a row must have in them: a line for each column, with its values as chips. */
import { fits } from '../../common/schema.js';
import { chips } from './chips.js';
import { element, same, sign } from './element.js';
import type { Field, FieldOptions } from './field.js';

interface Line {
  column: string;
  values: readonly string[];
  /** The code has a list of one: it stays a list. */
  readonly list: boolean;
}

function linesOf(value: unknown): Line[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([column, given]) => ({
    column,
    values: Array.isArray(given) ? given.map(String) : [String(given)],
    list: Array.isArray(given)
  }));
}

/** Undefined while a line says nothing, or two name one column. */
function valueOf(lines: readonly Line[]): Record<string, unknown> | undefined {
  const names = new Set(lines.map(line => line.column));
  if (names.size < lines.length || lines.some(({ column, values }) => column === '' || values.length === 0))
    return undefined;
  return Object.fromEntries(
    lines.map(({ column, values, list }) => [column, list || values.length > 1 ? [...values] : values[0]])
  );
}

export function columns({ name, schema, change, settle, reject }: FieldOptions): Field {
  const node = element('span', 'hs-Field-columns');
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', name);
  let lines: Line[] = [];
  let parts: Field[] = [];
  let disabled = false;
  let set: unknown;
  const tell = (): void => {
    const value = valueOf(lines);
    if (value === undefined || !fits(schema, value))
      return reject?.(value ?? 'a line without column or value');
    change(value);
  };
  const line = (one: Line, i: number): HTMLElement => {
    const row = element('span', 'hs-Field-column');
    const box = element('input', 'hs-Field-text');
    box.type = 'text';
    box.spellcheck = false;
    box.placeholder = 'column';
    box.value = one.column;
    box.disabled = disabled;
    box.setAttribute('aria-label', `${name}: column ${i + 1}`);
    box.addEventListener('input', () => {
      one.column = box.value.trim();
      tell();
    });
    box.addEventListener('change', () => settle?.());
    const values = chips({
      name: `${name}: values of ${one.column || `column ${i + 1}`}`,
      schema: { type: 'array' },
      change: next => {
        one.values = next as string[];
        tell();
      },
      ...(settle ? { settle } : {})
    });
    values.set(one.values);
    values.disable(disabled);
    parts.push(values);
    const gone = sign('hs-Field-remove', '×', `Remove ${one.column || 'the column'}`, () => {
      lines = lines.filter(other => other !== one);
      draw();
      tell();
      settle?.();
      node.querySelector('input')?.focus();
    });
    gone.disabled = disabled;
    row.append(box, values.node, gone);
    return row;
  };
  const draw = (): void => {
    parts = [];
    const more = sign('hs-Field-button', '+ column', `Add a column to ${name}`, () => {
      lines = [...lines, { column: '', values: [], list: false }];
      draw();
      [...node.querySelectorAll<HTMLInputElement>('.hs-Field-column > input')].at(-1)?.focus();
    });
    more.disabled = disabled;
    node.replaceChildren(...lines.map(line), more);
  };
  draw();
  return {
    node,
    set: (value, anew) => {
      const news = anew === true || !same(value, set);
      set = value;
      // What is being written, and is no value yet, stays until the code says something new.
      if (same(value, valueOf(lines)) || (!news && valueOf(lines) === undefined)) return;
      lines = linesOf(value);
      draw();
    },
    disable: now => {
      if (now === disabled) return;
      disabled = now;
      draw();
    }
  };
}
