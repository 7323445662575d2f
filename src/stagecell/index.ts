/** Stage cells in a notebook: headers above the code, and the commands that insert them. */
export { applyFrom, applyParameters, type Applied } from './apply.js';
export { addStageCommands, CommandIDs, obstacle, type CommandHosts } from './commands.js';
export { StageHeader, type HeaderActions } from './header.js';
export { glyphPaths, stageIcon, stagePath, stateGlyph } from './icons.js';
export { insertStage } from './insert.js';
export { choosePath } from './form/browse.js';
export { viewOf } from './mark.js';
export { NotebookHeaders, type HeaderTools } from './notebook.js';
export { describeState, lastRun, seconds, timeLeft, type HeaderState } from './state.js';
