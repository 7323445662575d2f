/**
 * One parameter as a control, made from its schema: a slider with its number, a choice, a switch, a text. Tells what a
 * person sets; validates nothing beyond what the control can hold (the kernel does, with words).
 */
import type { JsonSchema } from '../../common/stagecell/index.js';

export interface Field {
  readonly node: HTMLElement;
  set(value: unknown): void;
}

/** Positions of a slider. */
const STEPS = 400;
/** What lies further apart than this is told by factors. */
const DECADES = 50;

function options(schema: JsonSchema): JsonSchema[] {
  return (schema['anyOf'] as JsonSchema[] | undefined) ?? [];
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}

function brief(value: number): string {
  return String(Number(value.toPrecision(4)));
}

interface Span {
  low: number;
  high: number;
  whole: boolean;
}

function spanOf(schema: JsonSchema): Span {
  const whole = schema['type'] === 'integer';
  const above = schema['exclusiveMinimum'] as number | undefined;
  const high = (schema['maximum'] as number | undefined) ?? 100;
  // What must be above 0 begins where it starts to matter; larger numbers can be typed.
  const low =
    (schema['minimum'] as number | undefined) ?? (above === 0 ? Math.min(0.1, high / 1000) : (above ?? 0));
  return { low, high: above === 0 ? Math.min(high, 1000 * low) : high, whole };
}

/** Slider position in [0, STEPS] <-> value. */
function scaleOf({ low, high, whole }: Span): { at(value: number): number; value(at: number): number } {
  const byFactor = low > 0 && high / low > DECADES;
  return {
    at: value => {
      const v = Math.min(high, Math.max(low, value));
      return STEPS * (byFactor ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low || 1));
    },
    value: at => {
      const share = at / STEPS;
      const v = byFactor ? low * (high / low) ** share : low + (high - low) * share;
      return whole ? Math.round(v) : Number(v.toPrecision(2));
    }
  };
}

function numeric(name: string, schema: JsonSchema, changed: (value: unknown) => void): Field {
  const span = spanOf(schema);
  const scale = scaleOf(span);
  const node = element('span', 'hs-Field-number');
  const slider = element('input', 'hs-Field-slider');
  slider.type = 'range';
  slider.min = '0';
  slider.max = String(STEPS);
  slider.setAttribute('aria-label', `${name}, slider`);
  const box = element('input', 'hs-Field-box');
  box.type = 'number';
  box.step = span.whole ? '1' : 'any';
  for (const [key, attribute] of [
    ['minimum', 'min'],
    ['maximum', 'max']
  ] as const) {
    if (schema[key] !== undefined) box.setAttribute(attribute, String(schema[key]));
  }
  box.setAttribute('aria-label', name);
  slider.addEventListener('input', () => {
    const value = scale.value(Number(slider.value));
    box.value = brief(value);
    slider.setAttribute('aria-valuetext', box.value);
    changed(value);
  });
  box.addEventListener('input', () => {
    if (box.value === '' || !Number.isFinite(Number(box.value))) return;
    slider.value = String(scale.at(Number(box.value)));
    changed(Number(box.value));
  });
  node.append(slider, box);
  return {
    node,
    set: value => {
      if (typeof value !== 'number') return;
      slider.value = String(scale.at(value));
      slider.setAttribute('aria-valuetext', brief(value));
      if (document.activeElement !== box) box.value = brief(value);
    }
  };
}

function choice(name: string, schema: JsonSchema, changed: (value: unknown) => void): Field {
  const node = element('select', 'hs-Field-choice');
  node.setAttribute('aria-label', name);
  const values = options(schema).map(option => option['const']);
  values.forEach((value, i) => {
    const option = document.createElement('option');
    option.value = String(i);
    option.textContent = String(value);
    node.append(option);
  });
  node.addEventListener('change', () => changed(values[Number(node.value)]));
  return { node, set: value => void (node.value = String(values.indexOf(value))) };
}

/** A number, or null: the stage then chooses. */
function optional(name: string, schema: JsonSchema, changed: (value: unknown) => void): Field {
  const number = options(schema).find(option => option['type'] === 'number' || option['type'] === 'integer')!;
  const node = element('span', 'hs-Field-optional');
  const label = element('label', 'hs-Field-auto');
  const box = element('input', '');
  box.type = 'checkbox';
  label.append(box, ' auto');
  label.title = `Let the stage choose ${name}`;
  const inner = numeric(name, number, value => {
    box.checked = false;
    changed(value);
  });
  box.addEventListener('change', () => {
    if (box.checked) return changed(null);
    const own = inner.node.querySelector<HTMLInputElement>('input[type="number"]')!;
    if (own.value === '') inner.set(1);
    changed(Number(own.value));
  });
  node.append(label, inner.node);
  return {
    node,
    set: value => {
      box.checked = value === null;
      inner.set(value);
    }
  };
}

function boolean(name: string, changed: (value: unknown) => void): Field {
  const node = element('input', 'hs-Field-switch');
  node.type = 'checkbox';
  node.setAttribute('aria-label', name);
  node.addEventListener('change', () => changed(node.checked));
  return { node, set: value => void (node.checked = value === true) };
}

function text(name: string, changed: (value: unknown) => void): Field {
  const node = element('input', 'hs-Field-text');
  node.type = 'text';
  node.setAttribute('aria-label', name);
  node.addEventListener('change', () => changed(node.value));
  return { node, set: value => void (node.value = typeof value === 'string' ? value : '') };
}

/** The control of one parameter; undefined where a schema says more than a control can hold. */
export function fieldOf(
  name: string,
  schema: JsonSchema,
  changed: (value: unknown) => void
): Field | undefined {
  const any = options(schema);
  if (any.length > 0 && any.every(option => 'const' in option)) return choice(name, schema, changed);
  if (
    any.length === 2 &&
    any.some(option => option['type'] === 'null') &&
    any.some(o => o['type'] === 'number')
  ) {
    return optional(name, schema, changed);
  }
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return numeric(name, schema, changed);
    case 'boolean':
      return boolean(name, changed);
    case 'string':
      return text(name, changed);
    default:
      return undefined;
  }
}
