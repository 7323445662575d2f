/** A number as a slider in its range with a box beside it; or a number that may be left to the stage. */
import { fits } from '../../common/schema.js';
import type { Field, FieldOptions } from './field.js';
import { ownKeys } from '../keys/index.js';
import { element, Holding } from './element.js';
import { scaleOf, STEPS } from './scale.js';

function brief(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Arrows go by what a person would count in, page keys by ten of it. */
const STEP_KEYS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10
};
const SLIDER_KEYS: Readonly<Record<string, number>> = { ...STEP_KEYS, ArrowRight: 1, ArrowLeft: -1 };

/** What is typed as a number; NaN where it is none. */
function typed(content: string): number {
  const plain = content.trim();
  return plain === '' ? NaN : Number(plain);
}

export function numeric({ name, schema, change, settle, reject }: FieldOptions): Field {
  const scale = scaleOf(schema);
  const holding = new Holding();
  const node = element('span', 'hs-Field-number');
  const slider = element('input', 'hs-Field-slider');
  slider.type = 'range';
  slider.min = '0';
  slider.max = String(STEPS);
  slider.setAttribute('aria-label', `${name}, slider`);
  const box = element('input', 'hs-Field-box');
  // Not type=number: that hides what is typed as long as it is no number, and turns with the wheel.
  box.type = 'text';
  box.inputMode = 'decimal';
  box.setAttribute('role', 'spinbutton');
  box.setAttribute('aria-label', name);
  for (const [key, attribute] of [
    ['minimum', 'aria-valuemin'],
    ['maximum', 'aria-valuemax']
  ] as const) {
    if (schema[key] !== undefined) box.setAttribute(attribute, String(schema[key]));
  }
  const place = (value: number): void => {
    slider.value = String(scale?.at(value) ?? 0);
    slider.style.setProperty('--hs-at', `${(100 * Number(slider.value)) / STEPS}%`);
    slider.setAttribute('aria-valuetext', brief(value));
    box.setAttribute('aria-valuenow', String(value));
  };
  const put = (value: number): void => {
    box.value = brief(value);
    place(value);
    holding.right();
    change(value);
  };
  const stepping =
    (keys: Readonly<Record<string, number>>) =>
    (event: KeyboardEvent): boolean => {
      const steps = keys[event.key];
      const now = typed(box.value);
      if (steps === undefined || !scale || Number.isNaN(now)) return false;
      put(scale.step(now, steps));
      return true;
    };
  let typing = false;
  slider.addEventListener('input', () => {
    // This comes before a box that was typed in loses the focus, and is another gesture.
    typing = false;
    if (scale) put(scale.value(Number(slider.value)));
  });
  slider.addEventListener('change', () => settle?.());
  ownKeys(slider, stepping(SLIDER_KEYS));
  slider.addEventListener('keyup', event => event.key in SLIDER_KEYS && settle?.());
  ownKeys(box, stepping(STEP_KEYS));
  box.addEventListener('input', () => {
    typing = true;
    const value = typed(box.value);
    if (!fits(schema, value)) {
      holding.reject();
      reject?.(Number.isNaN(value) ? box.value : value);
      return;
    }
    holding.right();
    place(value);
    change(value);
  });
  box.addEventListener('blur', () => {
    if (typing) settle?.();
    typing = false;
  });
  if (scale) node.append(slider);
  const usual = schema['default'];
  if (scale && typeof usual === 'number')
    slider.style.setProperty('--hs-usual', String(scale.at(usual) / STEPS));
  node.append(box);
  return {
    node,
    set: (value, anew) => {
      if (holding.keeps(value, typed(box.value), anew)) return;
      if (typeof value === 'number') {
        place(value);
        box.value = brief(value);
      } else box.value = '';
    },
    disable: disabled => {
      slider.disabled = disabled;
      box.disabled = disabled;
    }
  };
}

/** A number, or null: the stage then chooses. */
export function optionalNumber(options: FieldOptions): Field {
  const { name, schema, change, settle } = options;
  const node = element('span', 'hs-Field-optional');
  const label = element('label', 'hs-Field-auto');
  const box = element('input', '');
  box.type = 'checkbox';
  label.append(box, ' auto');
  label.title = `Let the stage choose ${name}`;
  const inner = numeric({
    ...options,
    change: value => {
      box.checked = false;
      change(value);
    }
  });
  // What stands there when the choice is taken from the stage for the first time.
  let last = Math.max(1, Number(schema['minimum'] ?? 1));
  box.addEventListener('change', () => {
    if (!box.checked) inner.set(last);
    change(box.checked ? null : last);
    settle?.();
  });
  node.append(label, inner.node);
  return {
    node,
    set: (value, anew) => {
      box.checked = value === null;
      if (typeof value === 'number') last = value;
      inner.set(value, anew);
    },
    disable: disabled => {
      box.disabled = disabled;
      inner.disable(disabled);
    }
  };
}
