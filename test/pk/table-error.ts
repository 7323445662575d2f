/** A check that an error is a TableError at this place, with all of these words. */
import assert from 'node:assert/strict';
import { TableError } from '../../common/errors.js';

export const tableError =
  (place: Partial<TableError['place']>, ...words: string[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof TableError, String(error));
    for (const [key, value] of Object.entries(place)) {
      assert.equal(error.place[key as keyof TableError['place']], value, error.message);
    }
    for (const word of words) assert.ok(error.message.includes(word), `${word} is not in: ${error.message}`);
    return true;
  };
