/** The edits of the graph as they stand for one open notebook. Works nothing out itself, and changes nothing. */
import {
  connect,
  disconnect,
  duplicate,
  freeName,
  insertStage,
  palette,
  remove,
  rename,
  tidyOrder,
  toggleBypass,
  type Subject
} from '../../common/dataflow/index.js';
import type { IDataflow, Proposals } from './tokens.js';

export function proposalsFor(
  dataflow: Pick<IDataflow, 'panel' | 'flow' | 'states'>,
  wanted: (stage: string) => Readonly<Record<string, unknown>>
): Proposals {
  const subject = (): Subject => ({
    flow: dataflow.flow,
    cells: dataflow.panel.model?.sharedModel.cells.map(cell => cell.getId()) ?? [],
    kindOf: (cell, name) => dataflow.states.get(cell)?.run?.writes[name]?.kind
  });
  return {
    connect: (from, to) => connect(subject(), from, to),
    disconnect: edge => disconnect(subject(), edge),
    insert: (stage, where) => insertStage(subject(), stage, { wanted: wanted(stage), ...where }),
    duplicate: cell => duplicate(subject(), cell),
    rename: (output, next) => rename(subject(), output, next),
    freeName: name => freeName(subject(), name),
    remove: cell => remove(subject(), cell),
    toggleBypass: cell => toggleBypass(subject(), cell),
    tidyOrder: () => tidyOrder(subject()),
    palette: cell => palette(subject(), cell)
  };
}
