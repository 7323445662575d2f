/** Which cell of a notebook each running job belongs to. A kernel tells of stages, not of cells. */
import type { Dataflow } from '../../common/dataflow/index.js';
import type { JobEvent } from '../../common/host.js';
import type { JobFeed } from '../link/index.js';

/** @param executing the cell that this page saw the kernel take up, if any */
export function jobsByCell(
  feed: JobFeed | undefined,
  { nodes }: Dataflow,
  executing: string | undefined
): ReadonlyMap<string, JobEvent> {
  const jobs = (feed && !feed.isDisposed ? feed.current : []).filter(job => job.status === 'running');
  const newest = jobs.at(-1);
  if (!newest) return new Map();
  if (executing !== undefined) return new Map([[executing, newest]]);
  // After a page was loaded anew nobody knows which cell runs; a stage that only one cell calls tells.
  return new Map(
    jobs.flatMap((job): [string, JobEvent][] => {
      const callers = nodes.filter(({ calls }) => calls.some(call => call.stage === job.stage));
      return callers.length === 1 ? [[callers[0]!.id, job]] : [];
    })
  );
}
