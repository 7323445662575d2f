/** A small box of plain text beside the pointer. Its lines are data and only ever set as text. */

export class Tooltip {
  private readonly node = document.createElement('div');
  private shown = '';

  /** @param host The positioned element that the box moves in. */
  constructor(private readonly host: HTMLElement) {
    this.node.className = 'hs-View-tip';
    this.node.hidden = true;
    // The words are on the canvas or in its description already.
    this.node.setAttribute('aria-hidden', 'true');
    host.append(this.node);
  }

  /** Shows lines at a place in the host's coordinates, on the side where there is room. */
  show(lines: readonly string[], x: number, y: number): void {
    const key = lines.join('\n');
    if (key !== this.shown) {
      this.node.replaceChildren(
        ...lines.map(line => {
          const row = document.createElement('div');
          row.textContent = line;
          return row;
        })
      );
      this.shown = key;
    }
    this.node.hidden = false;
    const { offsetWidth: w, offsetHeight: h } = this.node;
    const left = x + 14 + w <= this.host.clientWidth ? x + 14 : Math.max(0, x - 14 - w);
    const top = y + 14 + h <= this.host.clientHeight ? y + 14 : Math.max(0, y - 10 - h);
    this.node.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide(): void {
    this.node.hidden = true;
  }

  get visible(): boolean {
    return !this.node.hidden;
  }

  get text(): string {
    return this.shown;
  }
}
