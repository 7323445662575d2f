/** A list of texts in an order that matters: each a chip that can be taken away, and a box for the next. */
import { fits } from '../../common/schema.js';
import { element, same, sign } from './element.js';
import type { Field, FieldOptions } from './field.js';

export function chips({ name, schema, change, settle, reject }: FieldOptions): Field {
  const node = element('span', 'hs-Field-chips');
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', name);
  const box = element('input', 'hs-Field-next');
  box.type = 'text';
  box.spellcheck = false;
  box.placeholder = 'add';
  box.setAttribute('aria-label', `Add to ${name}`);
  let items: string[] = [];
  let disabled = false;
  let set: unknown;
  const draw = (): void => {
    const drawn = items.map((item, i) => {
      const chip = element('span', 'hs-Field-chip', item);
      const gone = sign('hs-Field-remove', '×', `Remove ${item}`, () => {
        items = items.filter((_, at) => at !== i);
        tell();
        box.focus();
      });
      gone.disabled = disabled;
      chip.append(gone);
      return chip;
    });
    node.replaceChildren(...drawn, box);
  };
  const tell = (): void => {
    draw();
    if (!fits(schema, items)) return reject?.([...items]);
    change([...items]);
    settle?.();
  };
  const take = (): boolean => {
    const more = box.value
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '');
    if (more.length === 0) return false;
    box.value = '';
    items = [...items, ...more];
    tell();
    return true;
  };
  box.addEventListener('keydown', event => {
    if ((event.key === 'Enter' || event.key === ',') && take()) event.preventDefault();
    if (event.key === 'Backspace' && box.value === '' && items.length > 0) {
      items = items.slice(0, -1);
      tell();
      box.focus();
    }
  });
  box.addEventListener('blur', take);
  return {
    node,
    set: (value, anew) => {
      const news = anew === true || !same(value, set);
      set = value;
      // A list that is no value yet, such as an empty one, stays until the code says something new.
      if (!news && !fits(schema, items)) return;
      const next = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
      if (same(next, items) && node.childElementCount > 0) return;
      items = next;
      const held = node.contains(document.activeElement);
      draw();
      if (held) box.focus();
    },
    disable: now => {
      if (disabled === now) return;
      disabled = now;
      box.disabled = now;
      draw();
    }
  };
}
