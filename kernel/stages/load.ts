/** load: PK tables from a folder or a file, as printed. */
import { Type, type Static } from '@sinclair/typebox';
import { readTables, tableFiles } from '../pk/index.js';
import { fileHash } from '../store/index.js';
import { defineStage, type Stage } from './define/index.js';
import { Tables } from './values/tables.js';

const Params = Type.Object({
  path: Type.String({
    minLength: 1,
    'x-path': 'either',
    description:
      'A folder with tables.jsonl, or of Markdown, HTML, CSV, TSV, XLSX and JATS XML files, or one such file; taken from the notebook’s folder.'
  })
});

export type LoadParams = Static<typeof Params>;

export const load: Stage<{}, LoadParams, Tables> = defineStage({
  name: 'load',
  version: 2,
  title: 'Load tables',
  description: 'Reads PK tables as they were printed, with their labelled parts where the folder has them.',
  inputs: {},
  output: 'tables',
  params: Params,
  deterministic: true,
  cache: true,
  outside: async (_inputs, { path }) => {
    const files = await tableFiles(path);
    const named = files.map(async ({ name, file }) => [name, await fileHash(file)]);
    return Promise.all(named);
  },
  places: ['path'],
  async run(_inputs, { path }, job) {
    job.progress(0, `reading ${path}`);
    const { tables, parts, bytes, without } = await readTables(path);
    if (without.length > 0) {
      const names = without.slice(0, 5).join(', ');
      job.progress(1, `no table in ${without.length} files: ${names}${without.length > 5 ? ', ...' : ''}`);
    }
    return new Tables(tables, parts, bytes, path);
  }
});
