/** What JupyterLab hears from our kernel beside outputs: how its jobs go, and what its views ask it. */
export { DataflowLink, readRun } from './dataflow.js';
export { readJobEvent } from './event.js';
export { JobFeed, JOBS_TARGET, KERNEL_NAME } from './feed.js';
export { INotebookFeeds, NotebookFeeds } from './notebooks.js';
export { JobStatus } from './status.js';
export { readViewReply } from './reply.js';
export { GONE, ViewLink, type Answered } from './views.js';
