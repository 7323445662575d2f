/**
 * The form of a cell: a section for each stage call, what differs from the last run, and what can be done about it.
 * Shows what it is told and says what the person did; writes no code.
 */
import type { CallForm, Changes, Difference } from '../../../common/stagecell/index.js';
import { ownKeys } from '../../keys/index.js';
import type { FieldOptions } from '../../fields/index.js';
import { CallSection } from './section.js';

export interface FormHost {
  /** Writes into the call with this index; returns why not, if not. */
  change(call: number, changes: Changes): string | undefined;
  settle(): void;
  run(): void;
  /** Back to the cell. */
  leave(): void;
  undo(redo: boolean): void;
  help?(stage: string): void;
  readonly browse?: FieldOptions['browse'];
}

export interface FormState {
  readonly forms: readonly CallForm[];
  /** By call: what has changed since the cell ran. */
  readonly differences: readonly (readonly Difference[])[];
  /** The cell has run, and its code is no longer what ran. */
  readonly edited: boolean;
  /** Why nothing can be changed now. */
  readonly locked?: string;
}

function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'hs-Form-button';
  node.textContent = text;
  node.title = title;
  node.addEventListener('click', act);
  return node;
}

export class FormPanel {
  readonly node = document.createElement('div');
  private sections: CallSection[] = [];
  private readonly body = document.createElement('div');
  private readonly notice = document.createElement('div');
  private readonly words = document.createElement('span');
  private readonly listed = document.createElement('span');
  private readonly help: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private readonly run: HTMLButtonElement;
  private state: FormState | undefined;

  constructor(private readonly host: FormHost) {
    this.node.className = 'hs-Form';
    this.node.setAttribute('role', 'group');
    ownKeys(this.node, event => this.key(event));
    this.notice.className = 'hs-Form-lock';
    this.notice.setAttribute('role', 'status');
    this.words.className = 'hs-Form-words';
    this.words.setAttribute('role', 'status');
    this.listed.className = 'hs-Form-listed';
    this.help = button('Help', 'What the stage does and takes', () => {
      const stage = this.state?.forms[0]?.stage;
      if (stage !== undefined) host.help?.(stage);
    });
    this.help.hidden = !host.help;
    this.reset = button('Reset all', 'Every parameter back to its default', () => this.resetAll());
    this.run = button('Run', 'Run the cell (Shift Enter)', () => host.run());
    this.run.classList.add('hs-mod-primary');
    const foot = document.createElement('div');
    foot.className = 'hs-Form-foot';
    foot.append(this.words, this.help, this.reset, this.run);
    this.node.append(this.notice, this.body, foot);
  }

  update(state: FormState): void {
    this.state = state;
    const { forms, differences, edited, locked } = state;
    const stays =
      forms.length === this.sections.length && forms.every((form, i) => this.sections[i]!.serves(form));
    if (!stays) {
      this.sections = forms.map(
        (form, i) =>
          new CallSection(form, forms.length > 1, {
            change: (name, value) => this.host.change(i, { [name]: value }),
            settle: () => this.host.settle(),
            ...(this.host.browse ? { browse: this.host.browse } : {})
          })
      );
      this.body.replaceChildren(...this.sections.map(section => section.node));
      this.node.setAttribute('aria-label', `Parameters of ${forms.map(form => form.title).join(', ')}`);
    }
    this.sections.forEach((section, i) =>
      section.update(forms[i]!, differences[i] ?? [], locked !== undefined)
    );
    this.node.classList.toggle('hs-mod-locked', locked !== undefined);
    if (this.notice.textContent !== (locked ?? '')) this.notice.textContent = locked ?? '';
    const listed = differences.flatMap(list => list.map(({ name, was, is }) => `${name} ${was} → ${is}`));
    const words = listed.join(', ');
    if (this.listed.textContent !== words) {
      this.listed.textContent = words;
      this.words.replaceChildren(...(words === '' ? [] : ['Differs from the last run: ', this.listed]));
    }
    this.run.textContent = edited ? 'Run to update ⇧↵' : 'Run ⇧↵';
    this.reset.hidden =
      locked !== undefined || this.resets().every(changes => Object.keys(changes).length === 0);
  }

  focus(): void {
    this.sections[0]?.focus();
  }

  /** By call: what has to go so that every default holds. */
  private resets(): Changes[] {
    return (this.state?.forms ?? []).map(form =>
      Object.fromEntries(
        form.parameters
          .filter(({ given, required }) => form.closed === undefined && given === 'literal' && !required)
          .map(({ name }) => [name, undefined])
      )
    );
  }

  private resetAll(): void {
    // From the last call on: what goes there moves none of those before.
    this.resets().forEach((changes, i) => Object.keys(changes).length > 0 && this.host.change(i, changes));
    this.host.settle();
    this.focus();
  }

  private key(event: KeyboardEvent): boolean {
    const { key, shiftKey, altKey } = event;
    const accel = (event.ctrlKey || event.metaKey) && !altKey;
    if (key === 'Escape') this.host.leave();
    else if (key === 'Enter' && shiftKey && !accel && !altKey) this.host.run();
    else if (key === 'Enter' && accel) this.host.run();
    else if (accel && key.toLowerCase() === 'z') this.host.undo(shiftKey);
    else if (accel && key.toLowerCase() === 'y') this.host.undo(true);
    else return false;
    return true;
  }
}
