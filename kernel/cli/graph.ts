/** `hysim graph`: the dataflow of a notebook as Mermaid or SVG. Runs nothing. */
import { toMermaid, toSvg } from '../../common/dataflow/index.js';
import { flowOf } from './flow.js';
import { Needs } from './needs.js';
import { readNotebookFile } from './notebook.js';
import { readRecords } from './records.js';
import { trusted } from './run.js';

export type GraphFormat = 'mermaid' | 'svg';

/** @throws CommandFault for a file that is no notebook, and for a cycle */
export async function graphOf(path: string, format: GraphFormat): Promise<string> {
  const notebook = await readNotebookFile(path);
  const flow = flowOf(notebook);
  const records = await readRecords(path);
  // Without any note of a run, "never ran" would be said of what was run elsewhere.
  const states =
    records.runs.length > 0 ? new Needs(flow, await trusted(notebook, records)).states : undefined;
  return format === 'mermaid' ? toMermaid(flow, states) : toSvg(flow, states);
}
