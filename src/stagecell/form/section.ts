/** The parameters of one stage call as rows of a form. */
import type { CallForm, Difference } from '../../../common/stagecell/index.js';
import { ParameterRow, type RowHost } from './row.js';

export class CallSection {
  readonly node = document.createElement('div');
  private readonly notice = document.createElement('div');
  private readonly rows: readonly ParameterRow[];

  /** @param titled several calls share the form: each says which it is */
  constructor(
    readonly form: CallForm,
    titled: boolean,
    host: RowHost
  ) {
    this.node.className = 'hs-Form-section';
    const words = form.output === undefined ? form.title : `${form.title}, ${form.output}`;
    if (titled) {
      this.node.setAttribute('role', 'group');
      this.node.setAttribute('aria-label', words);
      const title = document.createElement('div');
      title.className = 'hs-Form-title';
      title.textContent = words;
      this.node.append(title);
    }
    this.notice.className = 'hs-Form-notice';
    this.rows = form.parameters.map(
      ({ name, schema, required }) => new ParameterRow(name, schema, required, host)
    );
    const grid = document.createElement('div');
    grid.className = 'hs-Form-rows';
    grid.append(...this.rows.map(row => row.node));
    this.node.append(this.notice, grid);
  }

  /** Whether the rows made for one call serve another reading of it. */
  serves(form: CallForm): boolean {
    return form.stage === this.form.stage && form.output === this.form.output;
  }

  update(form: CallForm, differences: readonly Difference[], disabled: boolean): void {
    const unknown = form.unknown.map(name => `${form.stage} has no parameter “${name}”`);
    const words = [...(form.closed === undefined ? [] : [form.closed]), ...unknown].join('; ');
    if (this.notice.textContent !== words) this.notice.textContent = words;
    for (const row of this.rows) {
      const parameter = form.parameters.find(({ name }) => name === row.name);
      const differs = differences.some(({ name }) => name === row.name);
      if (parameter) row.update(parameter, differs, disabled || form.closed !== undefined);
    }
  }

  focus(): void {
    this.rows[0]?.focus();
  }
}
