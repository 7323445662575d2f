/** The header above a stage cell's code: title, inputs and output, state, progress, run and stop. Asks nobody. */
import { Widget } from '@lumino/widgets';
import { stageNamed, type StageCall } from '../../common/stagecell/index.js';
import { runIcon, stageIcon, stateGlyph, stopIcon, type StateName } from './icons.js';
import type { HeaderState } from './state.js';

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

function titleOf(stage: string): string {
  return stageNamed(stage)?.title ?? stage;
}

/** "Fine-tune ×2 + Certify" for the calls of one cell. */
export function headline(calls: readonly StageCall[]): string {
  const counts = new Map<string, number>();
  for (const { stage } of calls) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  return [...counts].map(([stage, count]) => titleOf(stage) + (count > 1 ? ` ×${count}` : '')).join(' + ');
}

export interface HeaderActions {
  run(): void;
  stop(): void;
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
  private shown: StateName | undefined;

  constructor(actions: HeaderActions) {
    super();
    this.addClass('hs-StageHeader');
    this.node.setAttribute('role', 'group');
    // Enter and Space press the buttons; in command mode the notebook would take them for its own.
    this.node.setAttribute('data-lm-suppress-shortcuts', 'true');
    this.run = this.button('Run', runIcon(), actions.run);
    this.stop = this.button('Stop', stopIcon(), actions.stop);
    this.stop.classList.add('hs-mod-stop');
    this.word.setAttribute('role', 'status');
    this.bar.setAttribute('role', 'progressbar');
    this.bar.setAttribute('aria-valuemin', '0');
    this.bar.setAttribute('aria-valuemax', '100');
    this.bar.append(this.filled);
    const state = element('span', 'hs-StageHeader-state');
    state.append(this.glyph, this.word, this.percent, this.detail);
    const row = element('div', 'hs-StageHeader-row');
    row.append(this.icon, this.heading, this.ports, state, this.stop, this.run, this.bar);
    this.node.append(row);
  }

  /** Which stages the cell calls; at least one. */
  setCalls(calls: readonly StageCall[]): void {
    const title = headline(calls);
    write(this.heading, title);
    this.heading.title = [...new Set(calls.map(call => stageNamed(call.stage)?.description ?? ''))].join(
      '\n'
    );
    this.icon.replaceChildren(stageIcon(calls[0]!.stage));
    this.node.setAttribute('aria-label', `Stage: ${title}`);
    this.bar.setAttribute('aria-label', `Progress of ${title}`);
    this.run.setAttribute('aria-label', `Run ${title}`);
    this.run.title = `Run ${title} (Ctrl Enter in the cell)`;
    this.stop.setAttribute('aria-label', `Stop ${title}`);
    this.stop.title = `Stop ${title} and keep every variable`;
    this.ports.replaceChildren(...this.chips(calls));
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
    write(this.word, state.word);
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
        const name = variable ?? code.replace(/\s+/g, ' ');
        if (made.has(name) || inputs.has(name)) continue;
        const chip = element('span', 'hs-StageHeader-port hs-mod-in', name);
        chip.title = `${port}: ${stageNamed(call.stage)?.inputs[port]?.description ?? 'no input of this stage'}`;
        inputs.set(name, chip);
      }
      if (call.output) made.add(call.output.name);
    }
    const outputs = calls.flatMap(({ stage, output }) => {
      if (!output) return [];
      const chip = element('span', 'hs-StageHeader-port hs-mod-out', output.name);
      chip.title = `makes ${stageNamed(stage)?.output ?? 'a value'}`;
      return [chip];
    });
    if (outputs.length === 0) return [...inputs.values()];
    const arrow = element('span', 'hs-StageHeader-arrow', '→');
    arrow.setAttribute('aria-label', 'makes');
    return [...inputs.values(), arrow, ...outputs];
  }
}
