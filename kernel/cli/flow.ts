/** A notebook file's dataflow, and what a cycle in it is called. */
import { buildDataflow, type Dataflow } from '../../common/dataflow/index.js';
import { CommandFault } from './fault.js';
import { mustBeReadable, type NotebookFile } from './notebook.js';

/** @throws CommandFault that names the path of a cycle */
export function flowOf(notebook: NotebookFile): Dataflow {
  mustBeReadable(notebook);
  const flow = buildDataflow(notebook.cells);
  if (flow.cycles.length === 0) return flow;
  const paths = flow.cycles.map(cycle => {
    const first = flow.nodes.find(({ id }) => id === cycle[0])!;
    const fault = first.faults.find(({ kind, cells }) => kind === 'cycle' && cells?.join() === cycle.join())!;
    const cells = cycle.map(id => flow.nodes.find(node => node.id === id)!.index + 1);
    return `  ${fault.message} (code cells ${cells.join(' → ')} → ${cells[0]!})`;
  });
  throw new CommandFault(
    [
      `${notebook.path} has cells that need each other:`,
      ...paths,
      'Break the circle: rename or move what closes it.'
    ].join('\n')
  );
}
