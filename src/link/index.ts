/** What JupyterLab hears from our kernel beside outputs: how its jobs go. */
export { readJobEvent } from './event.js';
export { JobFeed, JOBS_TARGET, KERNEL_NAME } from './feed.js';
export { INotebookFeeds, NotebookFeeds } from './notebooks.js';
export { JobStatus } from './status.js';
