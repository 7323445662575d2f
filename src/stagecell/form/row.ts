/** One parameter in a form: its name, control, help, what is wrong with it, and the way back to the default. */
import { allowed, boundsInWords, fits, optionsOf } from '../../../common/schema.js';
import { valueInWords, type FormParameter, type JsonSchema } from '../../../common/stagecell/index.js';
import { fieldOf, refusalOf, type Field, type FieldOptions } from '../../fields/index.js';

export interface RowHost {
  /** Writes the value; undefined takes it out. Returns why not, if not. */
  change(name: string, value: unknown): string | undefined;
  settle(name: string): void;
  readonly browse?: FieldOptions['browse'];
}

let ids = 0;

function part(tag: string, className: string): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}

function sentence(words: string): string {
  return words === '' ? '' : words[0]!.toUpperCase() + words.slice(1);
}

/** "Rows that fit each tangent plane. 4 to 512 · default 20" */
export function helpOf(schema: JsonSchema, required: boolean): string {
  const number = [schema, ...optionsOf(schema)].find(({ type }) => type === 'number' || type === 'integer');
  const range = number ? boundsInWords(number).trim() : '';
  const bounds = sentence(/ to /.test(range) ? range.replace(/^from /, '') : range);
  const usual =
    required || !('default' in schema) ? '' : `default ${valueInWords({ value: schema['default'] })}`;
  const facts = [bounds, usual, required ? 'required' : ''].filter(word => word !== '').join(' · ');
  return [String(schema['description'] ?? ''), sentence(facts)].filter(word => word !== '').join(' ');
}

export class ParameterRow {
  readonly node = part('div', 'hs-Form-row');
  private readonly field: Field | undefined;
  private readonly code = part('span', 'hs-Form-code');
  private readonly reset = document.createElement('button');
  private readonly help = part('div', 'hs-Form-help');
  private readonly problem = part('div', 'hs-Form-problem');
  private readonly usual: string;
  private rejected: string | undefined;
  private last: FormParameter | undefined;
  private back = false;

  constructor(
    readonly name: string,
    private readonly schema: JsonSchema,
    required: boolean,
    host: RowHost
  ) {
    const id = `hs-Form-${ids++}`;
    this.usual = helpOf(schema, required);
    this.field = fieldOf({
      name,
      schema,
      change: value => {
        this.rejected = host.change(name, value);
        this.tell();
      },
      settle: () => host.settle(name),
      reject: value => {
        this.rejected = refusalOf(name, schema, value);
        this.tell();
      },
      ...(host.browse ? { browse: host.browse } : {})
    });
    const label = part('span', 'hs-Form-name');
    label.textContent = name;
    label.title = String(schema['description'] ?? '');
    this.code.tabIndex = 0;
    this.code.hidden = true;
    const control = part('div', 'hs-Form-control');
    if (this.field) control.append(this.field.node);
    control.append(this.code);
    this.reset.type = 'button';
    this.reset.className = 'hs-Form-reset';
    this.reset.textContent = '↺';
    this.reset.setAttribute('aria-label', `Reset ${name}`);
    this.reset.addEventListener('click', () => {
      this.rejected = this.last?.given === 'literal' && this.back ? host.change(name, undefined) : undefined;
      host.settle(name);
      if (this.last) this.field?.set(this.last.value, true);
      this.tell();
      this.focus();
    });
    this.help.id = `${id}-help`;
    this.problem.id = `${id}-problem`;
    this.problem.setAttribute('role', 'alert');
    if (['array', 'object'].includes(String(schema['type']))) this.node.classList.add('hs-mod-wide');
    this.node.append(label, control, this.reset, this.help, this.problem);
    for (const input of this.inputs())
      input.setAttribute('aria-describedby', `${this.help.id} ${this.problem.id}`);
  }

  /** @param disabled the form as a whole cannot be changed now */
  update(parameter: FormParameter, differs: boolean, disabled: boolean): void {
    // What the person typed that is no value stays, unless the code now says something else.
    if (this.last && valueInWords(this.last) !== valueInWords(parameter)) this.rejected = undefined;
    this.last = parameter;
    const computed = parameter.given === 'code' || !this.field;
    this.code.hidden = !computed;
    if (computed) {
      const code = valueInWords(parameter);
      this.code.textContent = code;
      this.code.setAttribute('aria-label', `${this.name}, set in code: ${code}`);
    }
    if (this.field) {
      this.field.node.hidden = computed;
      if (!computed) this.field.set(parameter.value);
      this.field.disable(disabled || computed);
    }
    this.help.textContent = parameter.given === 'code' ? `Set in code. ${this.usual}` : this.usual;
    const usual = 'default' in this.schema ? valueInWords({ value: this.schema['default'] }) : undefined;
    const back = parameter.given === 'literal' && !parameter.required && valueInWords(parameter) !== usual;
    this.back = back && !disabled;
    this.reset.title = usual === undefined || !this.back ? 'Back to what the code says' : `Back to ${usual}`;
    this.node.classList.toggle('hs-mod-default', parameter.given === 'default');
    this.node.classList.toggle('hs-mod-differs', differs);
    this.tell();
  }

  focus(): void {
    [...this.inputs(), this.code].find(node => !node.hidden && !node.hasAttribute('disabled'))?.focus();
  }

  private inputs(): HTMLElement[] {
    return [...(this.field?.node.matches('input, select') ? [this.field.node] : [])].concat(
      ...(this.field?.node.querySelectorAll<HTMLElement>('input, select') ?? [])
    );
  }

  /** What is wrong: with what is typed, or else with what the code has. */
  private fault(): string {
    const { last, schema } = this;
    if (this.rejected !== undefined) return this.rejected;
    if (last?.given === 'missing') return `${this.name} is needed: ${allowed(schema)}`;
    if (last?.given !== 'literal' || fits(schema, last.value)) return '';
    return `${this.name} must be ${allowed(schema)}, not ${valueInWords(last)}`;
  }

  private tell(): void {
    const words = this.fault();
    if (this.problem.textContent !== words) this.problem.textContent = words;
    this.node.classList.toggle('hs-mod-wrong', words !== '');
    this.reset.hidden = !this.back && this.rejected === undefined;
    for (const input of this.inputs()) {
      if (words === '') input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
    }
  }
}
