/** The samples' own columns, and their papers, as columns that a picture can be coloured by. Decides no colour. */
import { packCategories } from '../../../common/views/pack.js';
import type { ColourColumn } from '../../../common/views/payload.js';
import type { Data } from './data.js';
import { packAs, type Extent } from './extent.js';

/** A picture offers at most 20 columns; what a stage adds of its own comes first. */
const MOST = 12;
/** A column with fewer different numbers than this is told apart better by hue than by shade. */
const SHADES = 12;

/** Numbers where all that is there is one, and there are enough of them to make a scale. */
function numbersIn(values: readonly string[]): number[] | undefined {
  const numbers = values.map(value => (value.trim() === '' ? NaN : Number(value)));
  const wrong = numbers.some((number, i) => Number.isNaN(number) && values[i]!.trim() !== '');
  const known = new Set(numbers.filter(Number.isFinite));
  return !wrong && known.size > SHADES ? numbers : undefined;
}

/** @param rows numbers in Data of the rows that are drawn, in their order */
export function ownColumns(data: Data, rows: readonly number[], extent: Extent): ColourColumn[] {
  const taken = new Set(['domain', 'label', 'fold', 'ratio', 'kappa', 'p', 'paper', 'depth']);
  const own = Object.entries(data.columns).filter(([name]) => !taken.has(name));
  return [...own.slice(0, MOST - 1), ['paper', data.paper] as const].map(([name, column]) => {
    const values = rows.map(i => column[i]!);
    const numbers = numbersIn(values);
    return numbers
      ? { name, label: name, values: packAs(extent, numbers), scale: 'linear' as const }
      : { name, label: name, values: packCategories(values) };
  });
}
