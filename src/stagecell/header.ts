/** The header above a stage cell's code: title, inputs and output, state, progress, run and stop. Asks nobody. */
import { Widget } from '@lumino/widgets';
import type { CellStateName } from '../../common/dataflow/index.js';
import { headline, stageNamed, type StageCall } from '../../common/stagecell/index.js';
import { clean } from '../../common/views/index.js';
import { ownKeys } from '../keys/index.js';
import { formIcon, runIcon, stageIcon, stateGlyph, stopIcon } from './icons.js';
import type { HeaderState } from './state.js';
import { Stopping } from './stopping.js';

/** Characters of an input's code that a chip may show, and chips that a header may hold on each side. */
const LONGEST_NAME = 80;
const MOST_CHIPS = 24;

function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** Writes only what differs: reports come twenty times a second. */
function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export interface HeaderActions {
  run(): void;
  stop(): void;
  /** Opens the form of the cell, or closes it. */
  form?(): void;
  /** Asks a running job to end with the best that it has; without it every stop is at once. */
  finish?(job: string): void;
}

export class StageHeader extends Widget {
  private readonly icon = element('span', 'hs-StageHeader-icon');
  private readonly heading = element('span', 'hs-StageHeader-title');
  private readonly ports = element('span', 'hs-StageHeader-ports');
  private readonly glyph = element('span', 'hs-StageHeader-glyph');
  private readonly word = element('span', 'hs-StageHeader-word');
  private readonly percent = element('span', 'hs-StageHeader-percent');
  private readonly detail = element('span', 'hs-StageHeader-detail');
  private readonly bar = element('span', 'hs-StageHeader-bar');
  private readonly filled = element('span', 'hs-StageHeader-fill');
  private readonly run: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly form: HTMLButtonElement;
  private shown: CellStateName | undefined;
  private calls: readonly StageCall[] = [];
  private stages = '';
  private readonly stopping: Stopping;

  constructor(private readonly actions: HeaderActions) {
    super();
    this.stopping = new Stopping(actions.finish !== undefined);
    this.addClass('hs-StageHeader');
    this.node.setAttribute('role', 'group');
    ownKeys(this.node);
    this.run = this.button('Run', runIcon(), actions.run);
    this.stop = this.button('Stop', stopIcon(), () => this.halt());
    this.stop.classList.add('hs-mod-stop');
    this.form = this.button('Form', formIcon(), () => actions.form?.());
    this.form.classList.add('hs-mod-form');
    this.form.append(element('span', 'hs-StageHeader-formword', 'Form'));
    this.form.setAttribute('aria-expanded', 'false');
    this.form.hidden = !actions.form;
    this.word.setAttribute('role', 'status');
    this.bar.setAttribute('role', 'progressbar');
    this.bar.setAttribute('aria-valuemin', '0');
    this.bar.setAttribute('aria-valuemax', '100');
    this.bar.append(this.filled);
    const state = element('span', 'hs-StageHeader-state');
    state.append(this.glyph, this.word, this.percent, this.detail);
    const row = element('div', 'hs-StageHeader-row');
    row.append(this.icon, this.heading, this.ports, state, this.stop, this.run, this.form, this.bar);
    this.node.append(row);
  }

  get shownCalls(): readonly StageCall[] {
    return this.calls;
  }

  /** Which stages the cell calls; at least one. */
  setCalls(calls: readonly StageCall[]): void {
    if (calls === this.calls) return;
    this.calls = calls;
    const title = (this.stages = headline(calls));
    write(this.heading, title);
    this.heading.title = [...new Set(calls.map(call => stageNamed(call.stage)?.description ?? ''))].join(
      '\n'
    );
    this.icon.replaceChildren(stageIcon(calls[0]!.stage));
    this.node.setAttribute('aria-label', `Stage: ${title}`);
    this.bar.setAttribute('aria-label', `Progress of ${title}`);
    this.run.setAttribute('aria-label', `Run ${title}`);
    this.form.setAttribute('aria-label', `Form of ${title}`);
    this.form.title = `Parameters of ${title} (F)`;
    this.run.title = `Run ${title} (Ctrl Enter in the cell)`;
    this.nameStop();
    this.ports.replaceChildren(...this.chips(calls));
  }

  /** Shows a form between the header and the code, or none. */
  setForm(form: HTMLElement | undefined): void {
    const [, shown] = this.node.children;
    if (shown !== form) shown?.remove();
    if (form && shown !== form) this.node.append(form);
    this.form.setAttribute('aria-expanded', String(form !== undefined));
    this.node.classList.toggle('hs-mod-open', form !== undefined);
  }

  setState(state: HeaderState): void {
    const busy = state.name === 'running' || state.name === 'queued';
    if (state.name !== this.shown) {
      this.shown = state.name;
      this.node.dataset['hsState'] = state.name;
      this.glyph.replaceChildren(stateGlyph(state.name));
      // The button that goes away hands its focus to the one that comes.
      const held = document.activeElement;
      this.stop.hidden = !busy;
      this.run.hidden = busy;
      if (held === this.stop && !busy) this.run.focus();
      if (held === this.run && busy) this.stop.focus();
    }
    this.stopping.job = state.finishable;
    this.nameStop();
    write(this.word, this.stopping.ending ? 'ending' : state.word);
    write(this.percent, state.percent ?? '');
    write(this.detail, state.detail);
    this.detail.title = state.title;
    this.word.title = state.title;
    this.bar.hidden = state.name !== 'running';
    this.bar.classList.toggle('hs-mod-unknown', state.fraction === undefined);
    this.filled.style.width = `${Math.round(100 * (state.fraction ?? 0))}%`;
    if (state.fraction === undefined) this.bar.removeAttribute('aria-valuenow');
    else this.bar.setAttribute('aria-valuenow', String(Math.round(100 * state.fraction)));
  }

  /** The first press asks a training for its best epoch so far; what was asked already is stopped at once. */
  private halt(): void {
    const job = this.stopping.press();
    if (job === undefined) return this.actions.stop();
    this.nameStop();
    write(this.word, 'ending');
    this.actions.finish?.(job);
  }

  private nameStop(): void {
    const { name, title } = this.stopping.words(this.stages);
    if (this.stop.getAttribute('aria-label') === name) return;
    this.stop.setAttribute('aria-label', name);
    this.stop.title = title;
  }

  private button(label: string, icon: SVGSVGElement, act: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'hs-StageHeader-button';
    button.setAttribute('aria-label', label);
    button.append(icon);
    button.addEventListener('click', act);
    return button;
  }

  /** Variables that come in, an arrow, variables that go out; what one call passes to the next is neither. */
  private chips(calls: readonly StageCall[]): HTMLElement[] {
    const made = new Set<string>();
    const inputs = new Map<string, HTMLElement>();
    for (const call of calls) {
      for (const { port, variable, code } of call.inputs) {
        const name = clean(variable ?? code.slice(0, LONGEST_NAME));
        if (made.has(name) || inputs.has(name) || inputs.size >= MOST_CHIPS) continue;
        const chip = element('span', 'hs-StageHeader-port hs-mod-in', name);
        chip.title = `${clean(port)}: ${stageNamed(call.stage)?.inputs[port]?.description ?? 'no input of this stage'}`;
        inputs.set(name, chip);
      }
      if (call.output) made.add(clean(call.output.name));
    }
    const outputs = calls.flatMap(({ stage, output }) => {
      if (!output) return [];
      const chip = element('span', 'hs-StageHeader-port hs-mod-out', clean(output.name));
      chip.title = `makes ${stageNamed(stage)?.output ?? 'a value'}`;
      return [chip];
    });
    if (outputs.length === 0) return [...inputs.values()];
    const arrow = element('span', 'hs-StageHeader-arrow', '→');
    arrow.setAttribute('role', 'img');
    arrow.setAttribute('aria-label', 'makes');
    return [...inputs.values(), arrow, ...outputs.slice(0, MOST_CHIPS)];
  }
}
