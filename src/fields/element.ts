/** Small parts that controls are made of. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  content = ''
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = className;
  if (content !== '') node.textContent = content;
  return node;
}

/** A button that is a sign; its name is for those who do not see the sign. */
export function sign(className: string, content: string, name: string, act: () => void): HTMLButtonElement {
  const node = element('button', className, content);
  node.type = 'button';
  node.title = name;
  node.setAttribute('aria-label', name);
  node.addEventListener('click', act);
  return node;
}

export function same(a: unknown, b: unknown): boolean {
  return (
    Object.is(a, b) ||
    (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}

/** Remembers what was set from outside and what stands there that is no value, to know when to leave a text alone. */
export class Holding {
  private last: unknown = Symbol('nothing yet');
  private wrong = false;

  /** @param shown what the control says now, undefined where it says nothing */
  keeps(value: unknown, shown: unknown, anew = false): boolean {
    const news = !same(value, this.last);
    this.last = value;
    if (this.wrong && !news && !anew) return true;
    this.wrong = false;
    return !anew && same(value, shown);
  }

  right(): void {
    this.wrong = false;
  }

  reject(): void {
    this.wrong = true;
  }
}
