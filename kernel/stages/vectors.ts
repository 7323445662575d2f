/** Vectors that a person brought along, checked before anything is computed from them. */
import { DataError } from '../../common/errors.js';
import type { Data } from './values/data.js';

/** How many of the rows are named in a message. */
const NAMED = 5;

/** @throws DataError that names rows which hold NaN or an infinity */
export function requireFiniteVectors(
  stage: string,
  data: Data,
  dimension: number,
  values: Float32Array
): void {
  const bad = data.ids.flatMap((id, row) => {
    const vector = values.subarray(row * dimension, (row + 1) * dimension);
    const found = vector.find(value => !Number.isFinite(value));
    return found === undefined ? [] : [{ id, found }];
  });
  if (bad.length === 0) return;
  const [{ id, found }] = bad as [(typeof bad)[0]];
  if (bad.length === 1)
    throw new DataError(`${stage}: the vector of ${id} holds ${found}. Remove or mend the row.`);
  const names = bad.slice(0, NAMED).map(row => row.id);
  throw new DataError(
    `${stage}: the vectors of ${bad.length} rows hold NaN or an infinity: ${names.join('; ')}${bad.length > NAMED ? '; ...' : ''}. Remove or mend these rows.`
  );
}
