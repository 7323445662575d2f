/** The selected rows in words, below a picture: the first of them, each with where it stands. Text, never markup. */
import type { RowText } from '../../common/live.js';
import { ownKeys } from '../keys/index.js';

/** Rows in the list at most; the picture's count says how many there are. */
export const LISTED = 50;

export class RowList {
  readonly node = document.createElement('details');
  private readonly head = document.createElement('summary');
  private readonly list = document.createElement('ol');
  private key = '';

  constructor() {
    this.node.className = 'hs-Rows';
    this.node.open = true;
    ownKeys(this.node);
    this.list.setAttribute('tabindex', '0');
    this.list.setAttribute('aria-label', 'Selected rows');
    this.node.append(this.head, this.list);
    this.node.hidden = true;
  }

  /**
   * @param rows numbers in Data, all that are selected
   * @param text what a row says, as far as it is known
   * @param value what it has on the picture's scale, e.g. "source · density ratio ŵ 1.2"
   */
  show(
    rows: readonly number[],
    words: string,
    text: (row: number) => RowText | undefined,
    value: (row: number) => string
  ): void {
    this.node.hidden = rows.length === 0;
    if (rows.length === 0) return;
    const first = rows.slice(0, LISTED);
    const known = first.map(text);
    const values = first.map(value);
    const key = first.map((row, i) => `${row}${known[i] ? '+' : '-'}${values[i]}`).join();
    const n = rows.length.toLocaleString('en');
    this.head.textContent =
      rows.length > LISTED
        ? `Selected by ${words}: the first ${LISTED} of ${n} rows`
        : `Selected by ${words}: ${n} ${rows.length === 1 ? 'row' : 'rows'}`;
    if (key === this.key) return;
    this.key = key;
    this.list.replaceChildren(
      ...first.map((row, i) => {
        const item = document.createElement('li');
        const said = document.createElement('span');
        said.className = 'hs-Rows-text';
        said.textContent = known[i]?.text ?? '…';
        const has = document.createElement('span');
        has.className = 'hs-Rows-value';
        has.textContent = values[i]!;
        const place = document.createElement('span');
        place.className = 'hs-Rows-place';
        place.textContent = known[i]?.place ?? `row ${row}`;
        item.append(said, has, place);
        return item;
      })
    );
  }
}
