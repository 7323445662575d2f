// The case umap-50k of `npm run bench -- manifold`: hysim.project's picture against umap-learn's of the same 50,000 rows,
// neighbours included, and the trustworthiness of both on the same 2,000 rows, which is in neither's time.
import { clusteredRows } from './data.mjs';
import { handOver, tell, timed } from './clock.mjs';
import { peerTimes } from './peers.mjs';

const lib = file => import(new URL(`../lib/kernel/${file}`, import.meta.url).href);
const [{ Random, selectRows, trustworthiness }, { umapPicture }] = await Promise.all([
  lib('theory/index.js'),
  lib('engine/tasks/project.js')
]);

const [ROWS, COLUMNS, NEIGHBORS, SAMPLE] = [50_000, 384, 15, 2000];
const job = { progress() {}, due: () => false, throwIfCancelled() {} };

/** @param {string} one */
export async function umapCase(one) {
  const vectors = clusteredRows({ rows: ROWS, columns: COLUMNS, seed: 1 });
  const sample = new Random(1).permutation(ROWS).slice(0, SAMPLE).sort();
  const input = {
    ...{ vectors, dimension: COLUMNS, method: 'umap', dimensions: 2, neighbors: NEIGHBORS, minDist: 0.1 },
    ...{ metric: 'euclidean', sample: ROWS, seed: 0 }
  };
  // What is compiled on first use is compiled: the peer's functions are as well.
  await umapPicture(vectors.subarray(0, 5000 * COLUMNS), { ...input, threads: 1 }, job);
  const alone = await timed(() => umapPicture(vectors, { ...input, threads: 1 }, job));
  const two = await timed(() => umapPicture(vectors, { ...input, threads: 2 }, job));
  const same = Buffer.from(alone.result.values.buffer).equals(Buffer.from(two.result.values.buffer));
  if (!same) throw new Error('umap: two threads gave another picture than one.');
  const pick = (data, cols) => selectRows({ rows: ROWS, cols, data }, sample);
  const trust = trustworthiness(pick(vectors, COLUMNS), pick(alone.result.values, 2), NEIGHBORS);
  const peer = await peerTimes('umap_learn', {
    file: handOver('umap-rows.f32', vectors),
    sample: handOver('umap-sample.i32', sample),
    ...{ columns: COLUMNS, neighbors: NEIGHBORS, seed: 0 }
  });
  tell({
    ...{ name: 'manifold', case: one, ours: alone.cpu, peer: peer.cpu, peerName: 'umap-learn', bound: 0.25 },
    ...{ wall2: two.wall, peerWall2: peer.wall2 },
    ...{ trustworthiness: trust, peerTrustworthiness: peer.trustworthiness }
  });
}
