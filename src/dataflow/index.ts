/** The dataflow of open notebooks: which cells hang on which, what state they are in, runs and edits of the whole. */
export { Dataflows } from './dataflows.js';
export { addDataflowCommands, CommandIDs } from './commands.js';
export { IDataflows, type IDataflow, type Proposals } from './tokens.js';
