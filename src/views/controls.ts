/** The few controls above an embedding: which column colours, which rows are shown. Reachable by keyboard. */
import type { EmbeddingPayload } from '../../common/views/index.js';

export interface Choice {
  colour: string;
  hidden: Set<string>;
}

function partsOf(payload: EmbeddingPayload): string[] {
  return payload.flagged ? ['source', 'target', 'flagged'] : ['source', 'target'];
}

/** A toolbar that changes `choice` and calls `changed`; `sync` makes it tell the choice again. */
export class Controls {
  readonly node = document.createElement('div');
  private readonly buttons = new Map<string, HTMLButtonElement>();

  constructor(
    payload: EmbeddingPayload,
    private readonly choice: Choice,
    changed: () => void
  ) {
    this.node.className = 'hs-View-controls';
    this.node.setAttribute('role', 'toolbar');
    this.node.setAttribute('aria-label', 'Picture');
    if (payload.columns.length > 1) this.node.append(this.selector(payload, changed));
    for (const part of partsOf(payload)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'hs-View-toggle';
      button.textContent = part;
      button.addEventListener('click', () => {
        this.toggle(part);
        changed();
      });
      this.buttons.set(part, button);
      this.node.append(button);
    }
    this.sync();
  }

  /** Hides a part, or shows it again. */
  toggle(part: string): void {
    if (!this.choice.hidden.delete(part)) this.choice.hidden.add(part);
    this.sync();
  }

  private sync(): void {
    for (const [part, button] of this.buttons) {
      button.setAttribute('aria-pressed', String(!this.choice.hidden.has(part)));
    }
  }

  private selector(payload: EmbeddingPayload, changed: () => void): HTMLElement {
    const label = document.createElement('label');
    const select = document.createElement('select');
    label.append('Colour ', select);
    for (const column of payload.columns) {
      const option = document.createElement('option');
      option.value = column.name;
      option.textContent = column.name;
      select.append(option);
    }
    select.value = this.choice.colour;
    select.addEventListener('change', () => {
      this.choice.colour = select.value;
      changed();
    });
    return label;
  }
}
