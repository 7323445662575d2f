/** Dense on ONNX Runtime: one session a product, opened when it is first used, on one thread of the caller's. */
import type { Dense } from '../../common/dense.js';
import { ShapeError } from '../../common/errors.js';
import { timesTransposedGraph, transposedTimesGraph } from '../onnx/index.js';
import { lateSession } from './late-session.js';
import type { Session } from './session.js';

export class DenseSessions implements Dense {
  private readonly timesTransposedSession = lateSession(timesTransposedGraph);
  private readonly transposedTimesSession = lateSession(transposedTimesGraph);

  async timesTransposed(a: Float32Array, b: Float32Array, k: number, out: Float32Array): Promise<void> {
    const [n, m] = [rowsOf(a, k), rowsOf(b, k)];
    const session = this.timesTransposedSession;
    await multiply(session, { data: a, shape: [n, k] }, { data: b, shape: [m, k] }, out, [n, m]);
  }

  async transposedTimes(a: Float32Array, b: Float32Array, rows: number, out: Float32Array): Promise<void> {
    const [n, m] = [rowsOf(a, rows), rowsOf(b, rows)];
    const session = this.transposedTimesSession;
    await multiply(session, { data: a, shape: [rows, n] }, { data: b, shape: [rows, m] }, out, [n, m]);
  }

  /** Safe to call twice. */
  async dispose(): Promise<void> {
    await this.timesTransposedSession.dispose();
    await this.transposedTimesSession.dispose();
  }
}

interface Block {
  data: Float32Array;
  shape: number[];
}

async function multiply(
  session: Session,
  a: Block,
  b: Block,
  out: Float32Array,
  shape: [number, number]
): Promise<void> {
  if (out.length !== shape[0] * shape[1])
    throw new ShapeError(`A product of ${shape.join(' x ')} does not fit ${out.length} numbers.`);
  await session.run({ a, b }, { out: { data: out, shape } });
}

/** Rows of a block of `length`-long rows, or columns of one of `length` rows. */
function rowsOf(block: Float32Array, length: number): number {
  if (length < 1 || block.length % length !== 0)
    throw new ShapeError(`A block of ${block.length} numbers cannot be split in parts of ${length}.`);
  return block.length / length;
}
