import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readTables } from '../../kernel/pk/index.js';
import { cleanText } from '../../kernel/pk/text.js';
import { temporaryFolder } from '../temporary.js';

/** Text as a cell may hold it: words, values, and every sign that one of the formats gives a meaning. */
const cell = fc
  .array(
    fc.oneof(
      fc.constantFrom('|', '\\', '*', '_', '`', '<', '>', '&', '"', "'", ',', '\t', '~', '[', ']', '(', ')'),
      fc.constantFrom('&amp;', '<b>', 'a', 'Cmax', '±', '0–∞', '18.4', '#', '-', '+', '!', ' ', '\u00a0', 'µ')
    ),
    { maxLength: 8 }
  )
  .map(parts => cleanText(parts.join('')));

/** A rectangle with a header of words and a last column of numbers, so that no line is empty. */
const grid = fc.integer({ min: 2, max: 5 }).chain(width =>
  fc.record({
    head: fc.constant(Array.from({ length: width }, (_, c) => `Head ${c}`)),
    rows: fc.array(
      fc.array(cell, { minLength: width - 1, maxLength: width - 1 }).map(cells => [...cells, '1.5']),
      { minLength: 1, maxLength: 6 }
    )
  })
);

const entities = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`;
/** Markdown's own rule: any ASCII punctuation may be escaped by a backslash. */
const escaped = (text: string): string => text.replace(/[!-/:-@[-`{-~]/g, '\\$&');

const WRITERS: Record<string, (rows: string[][]) => string> = {
  csv: rows => rows.map(row => row.map(quoted).join(',')).join('\r\n'),
  tsv: rows => rows.map(row => row.map(quoted).join('\t')).join('\n'),
  md: rows =>
    [rows[0]!.map(escaped), rows[0]!.map(() => '---'), ...rows.slice(1).map(row => row.map(escaped))]
      .map(row => `| ${row.join(' | ')} |`)
      .join('\n'),
  html: rows =>
    `<table>${rows.map(row => `<tr>${row.map(text => `<td>${entities(text)}</td>`).join('')}</tr>`).join('')}</table>`,
  xml: rows =>
    `<article><table-wrap><table>${rows.map(row => `<tr>${row.map(text => `<td>${entities(text)}</td>`).join('')}</tr>`).join('')}</table></table-wrap></article>`
};

describe('a random table', () => {
  for (const [ending, write] of Object.entries(WRITERS)) {
    it(`written as ${ending} comes back cell by cell`, async test => {
      const folder = await temporaryFolder(test);
      const path = join(folder, `t.${ending}`);
      await fc.assert(
        fc.asyncProperty(grid, async ({ head, rows }) => {
          await writeFile(path, write([head, ...rows]));
          const [table] = (await readTables(path)).tables;
          assert.deepEqual([...table!.header_rows, ...table!.rows], [head, ...rows]);
        }),
        { numRuns: 100, seed: 7 }
      );
    });
  }
});
