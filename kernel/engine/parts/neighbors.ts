/** Two parts of a search for neighbours: candidates from blocks, and the exact answer from candidates. */
import {
  CandidateHeaps,
  refine,
  type Candidates,
  type CandidateSearch,
  type Refinement
} from '../../theory/index.js';
import { definePart } from './part.js';

export const findCandidates = definePart({
  name: 'find-candidates',
  open(search: CandidateSearch, dense) {
    const heaps = new CandidateHeaps(search);
    return {
      /** One block of queries against several of the reference. */
      async step({ a, b }: { a: number; b: readonly number[] }): Promise<void> {
        for (const start of b) await heaps.compare(dense, a, start);
      },
      finish: (): Candidates => heaps.take()
    };
  }
});

export const refineCandidates = definePart({
  name: 'refine-candidates',
  open: (search: Refinement) => ({
    step: ({ from, to }: { from: number; to: number }) => refine(search, from, to),
    finish: (): undefined => undefined
  })
});
