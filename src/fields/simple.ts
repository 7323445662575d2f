/** Controls that the browser has: a choice of one or of several, a switch, a text with what is often written there. */
import { fits, optionsOf } from '../../common/schema.js';
import type { JsonSchema, PathKind } from '../../common/stagecell/index.js';
import { element, Holding, same, sign } from './element.js';
import type { Field, FieldOptions } from './field.js';

export function choice({ name, schema, change, settle }: FieldOptions): Field {
  const node = element('select', 'hs-Field-choice');
  node.setAttribute('aria-label', name);
  const values = optionsOf(schema).map(option => option['const']);
  values.forEach((value, i) => {
    const option = element('option', '', String(value));
    option.value = String(i);
    node.append(option);
  });
  node.addEventListener('change', () => {
    change(values[Number(node.value)]);
    settle?.();
  });
  return {
    node,
    // What is none of them leaves the choice empty.
    set: value => void (node.value = String(values.indexOf(value))),
    disable: disabled => void (node.disabled = disabled)
  };
}

/** Several of a few, in the order in which the schema lists them. */
export function picks({ name, schema, change, settle, reject }: FieldOptions): Field {
  const values = optionsOf(schema['items'] as JsonSchema).map(option => option['const']);
  const node = element('span', 'hs-Field-picks');
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', name);
  const boxes = values.map(value => {
    const label = element('label', 'hs-Field-pick');
    const box = element('input', '');
    box.type = 'checkbox';
    label.append(box, ` ${String(value)}`);
    node.append(label);
    box.addEventListener('change', () => {
      const chosen = values.filter((_, i) => boxes[i]!.checked);
      if (!fits(schema, chosen)) return reject?.(chosen);
      change(chosen);
      settle?.();
    });
    return box;
  });
  return {
    node,
    set: value =>
      boxes.forEach(
        (box, i) => (box.checked = Array.isArray(value) && value.some(item => same(item, values[i])))
      ),
    disable: disabled => boxes.forEach(box => (box.disabled = disabled))
  };
}

export function toggle({ name, change, settle }: FieldOptions): Field {
  const node = element('input', 'hs-Field-switch');
  node.type = 'checkbox';
  node.setAttribute('aria-label', name);
  node.addEventListener('change', () => {
    change(node.checked);
    settle?.();
  });
  return {
    node,
    set: value => void (node.checked = value === true),
    disable: disabled => void (node.disabled = disabled)
  };
}

const FOLDER = 'Choose…';

let lists = 0;

/** A text; where it is a path, with a button that lets one choose it. */
export function text(options: FieldOptions, path: PathKind | undefined): Field {
  const { name, schema, change, settle, reject, browse } = options;
  const holding = new Holding();
  const node = element('span', 'hs-Field-textline');
  const box = element('input', 'hs-Field-text');
  box.type = 'text';
  box.spellcheck = false;
  box.autocomplete = 'off';
  box.setAttribute('aria-label', name);
  node.append(box);
  const usual = schema['examples'];
  if (Array.isArray(usual)) {
    const list = element('datalist', '');
    list.id = `hs-Field-list-${lists++}`;
    list.append(...usual.map(value => Object.assign(element('option', ''), { value: String(value) })));
    box.setAttribute('list', list.id);
    node.append(list);
  }
  const tell = (): void => {
    if (!fits(schema, box.value)) {
      holding.reject();
      return reject?.(box.value);
    }
    holding.right();
    change(box.value);
  };
  box.addEventListener('input', tell);
  box.addEventListener('change', () => settle?.());
  box.addEventListener('blur', () => settle?.());
  let button: HTMLButtonElement | undefined;
  if (path && browse) {
    button = sign('hs-Field-button', FOLDER, `Choose ${name} with the file browser`, () => {
      void browse(path, box.value).then(chosen => {
        button!.focus();
        if (chosen === undefined) return;
        box.value = chosen;
        tell();
        settle?.();
      });
    });
    node.append(button);
  }
  return {
    node,
    set: (value, anew) => {
      if (holding.keeps(value, box.value, anew)) return;
      box.value = typeof value === 'string' ? value : '';
    },
    disable: disabled => {
      box.disabled = disabled;
      if (button) button.disabled = disabled;
    }
  };
}
