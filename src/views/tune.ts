/**
 * The parameters that a view can try: each change is computed by the kernel at once and drawn as a preview, and written
 * into the code only when asked. Newest wins; a picture is never older than the words beside it.
 */
import { stageNamed } from '../../common/stagecell/index.js';
import type { Tune, ViewPayload } from '../../common/views/index.js';
import { fieldOf, refusalOf, type Field } from '../fields/index.js';
import { ownKeys } from '../keys/index.js';
import { viewButton } from './button.js';

import type { ViewSource } from './source.js';

/** Milliseconds for which changes are gathered: a slider fires for each pixel. */
const GATHER = 90;

export interface TuneHost {
  /** Draws a preview, or the value's own view again when there is none. */
  preview(payload: ViewPayload | undefined): void;
  /** Writes the changes into the code; returns why not, if not. */
  apply(changes: Readonly<Record<string, unknown>>, run: boolean): string | undefined;
  /** The kernel no longer has the value. */
  gone(): void;
}

function show(value: unknown): string {
  if (value === null) return 'auto';
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : JSON.stringify(value);
}

export class TunePanel {
  readonly node = document.createElement('div');
  private readonly fields = new Map<string, Field>();
  private readonly changes: Record<string, unknown> = {};
  /** Parameters whose box holds what is no value of theirs. */
  private readonly refused = new Set<string>();
  private readonly words = document.createElement('span');
  private readonly problem = document.createElement('div');
  private readonly buttons: HTMLButtonElement[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private serial = 0;

  constructor(
    private readonly tune: Tune,
    private readonly source: ViewSource,
    private readonly host: TuneHost
  ) {
    this.node.className = 'hs-Tune';
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', `Try other parameters of ${tune.stage}`);
    ownKeys(this.node);
    const properties = stageNamed(tune.stage)?.params.properties ?? {};
    const grid = document.createElement('div');
    grid.className = 'hs-Tune-fields';
    for (const name of tune.names) {
      const schema = properties[name];
      const field =
        schema &&
        fieldOf({
          name,
          schema,
          change: value => this.change(name, value),
          reject: value => this.refuse(name, refusalOf(name, schema, value))
        });
      if (!field) continue;
      this.fields.set(name, field);
      field.set(tune.params[name]);
      const row = document.createElement('div');
      row.className = 'hs-Tune-field';
      const label = document.createElement('span');
      label.className = 'hs-Tune-name';
      label.textContent = name;
      label.title = String(schema['description'] ?? '');
      row.append(label, field.node);
      grid.append(row);
    }
    this.words.className = 'hs-Tune-words';
    this.words.setAttribute('role', 'status');
    this.problem.className = 'hs-Tune-problem';
    this.problem.setAttribute('role', 'alert');
    this.buttons = [
      viewButton('Reset', 'Back to the parameters that the value was made with', () => this.reset()),
      viewButton('Apply', 'Write the change into the cell’s code', () => this.apply(false)),
      viewButton('Apply and run', 'Write the change into the cell’s code and run it', () => this.apply(true))
    ];
    this.buttons[2]!.classList.add('hs-mod-primary');
    const foot = document.createElement('div');
    foot.className = 'hs-Tune-foot';
    foot.append(this.words, ...this.buttons);
    this.node.append(grid, foot, this.problem);
    this.tell();
  }

  /** Whether there is anything to try. */
  get empty(): boolean {
    return this.fields.size === 0;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.serial++;
  }

  private refuse(name: string, reason: string): void {
    this.refused.add(name);
    this.problem.textContent = reason;
    this.tell('not possible');
  }

  private change(name: string, value: unknown): void {
    this.refused.delete(name);
    if (JSON.stringify(value) === JSON.stringify(this.tune.params[name])) delete this.changes[name];
    else this.changes[name] = value;
    this.fields.get(name)?.set(value);
    this.problem.textContent = '';
    this.tell('computing');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.probe(), GATHER);
  }

  private async probe(): Promise<void> {
    const serial = ++this.serial;
    if (Object.keys(this.changes).length === 0) {
      this.host.preview(undefined);
      this.tell();
      return;
    }
    this.node.setAttribute('aria-busy', 'true');
    const probed = await this.source.probe({ ...this.changes });
    if (serial !== this.serial) return;
    this.node.removeAttribute('aria-busy');
    if (probed === 'gone') return this.host.gone();
    if (probed === 'superseded') return;
    if ('reason' in probed) {
      this.problem.textContent = probed.reason;
      this.tell('not possible');
      return;
    }
    this.host.preview(probed.payload);
    this.tell('preview');
  }

  private reset(): void {
    clearTimeout(this.timer);
    this.serial++;
    for (const name of Object.keys(this.changes)) delete this.changes[name];
    this.refused.clear();
    for (const [name, field] of this.fields) field.set(this.tune.params[name], true);
    this.problem.textContent = '';
    this.host.preview(undefined);
    this.tell();
  }

  private apply(run: boolean): void {
    const reason = this.host.apply({ ...this.changes }, run);
    this.problem.textContent = reason ?? '';
    if (reason === undefined) this.tell(run ? 'written into the code, running' : 'written into the code');
  }

  private tell(state = ''): void {
    const changed = Object.entries(this.changes);
    const list = changed.map(([name, value]) => `${name} ${show(this.tune.params[name])} → ${show(value)}`);
    this.words.textContent =
      list.length > 0 ? `${state}: ${list.join(', ')}` : 'Move a parameter to see what it would do.';
    const [back, ...write] = this.buttons;
    back!.hidden = list.length === 0 && this.refused.size === 0;
    for (const button of write) button.hidden = list.length === 0;
    this.node.classList.toggle('hs-mod-changed', list.length > 0);
    for (const [name, field] of this.fields) {
      field.node.parentElement?.classList.toggle('hs-mod-changed', name in this.changes);
    }
  }
}
