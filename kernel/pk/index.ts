/** PK tables: readers that keep what is printed and name file, table, row and column when they cannot. */
export { readTables, tableFiles, type ReadTables } from './load.js';
export type { TableFolder } from './folder.js';
export { headerParts } from './headers.js';
export { readJsonLines, readText } from './jsonl.js';
export { readCsv, type CsvFile } from './csv.js';
