/** PK tables: readers that keep what is printed and name file and line when they cannot. */
export { readTables } from './load.js';
export { headerParts, type TableFolder } from './folder.js';
export { readJsonLines, readText } from './jsonl.js';
export { readCsv, type CsvFile } from './csv.js';
