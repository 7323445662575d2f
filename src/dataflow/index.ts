/** The dataflow of open notebooks: which cells hang on which, what state they are in, runs and edits, and its graph. */
export { Dataflows } from './dataflows.js';
export { addDataflowCommands, CommandIDs } from './commands.js';
export { addGraphCommands, GraphCommands, type GraphHosts } from './graph-commands.js';
export { IDataflows, type IDataflow, type Proposals } from './tokens.js';
