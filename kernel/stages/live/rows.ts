/** What rows of Data say, for hover and lists. Rows that a view must not show are not told of either. */
import type { RowText } from '../../../common/live.js';
import { placeOf } from '../values/extent.js';
import type { Told } from '../values/value.js';

/** Most characters of a row. */
const MOST_TEXT = 2000;

export function tellRows({ data, openFolds }: Told, rows: readonly number[]): RowText[] {
  return rows.flatMap(row => {
    const fold = data.fold[row];
    if (fold === undefined || (openFolds && (fold === 'V' || fold === 'U'))) return [];
    const text = data.text[row]!.slice(0, MOST_TEXT);
    return [{ row, text, place: placeOf(data, row).slice(0, MOST_TEXT) }];
  });
}
