/** The dataflow on screen: what there is to see of a notebook's, and the panel that shows it as a graph. */
export { addGraphCommands, GraphCommands, type GraphHosts } from './commands.js';
export {
  IDataflows,
  type Drawing,
  type IDataflow,
  type Place,
  type Proposals,
  type RunCost,
  type RunWhat
} from './tokens.js';
