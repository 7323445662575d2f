/**
 * A kernel that runs cells of one notebook, by way of hysim_lab/execute.py: Jupyter's own client is in Python. Which
 * cells, and what their runs mean, others know.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunRecord } from '../../common/dataflow/index.js';
import { CommandFault } from './fault.js';

export interface Ran {
  readonly status: 'ok' | 'error' | 'dead';
  readonly reason?: string;
  /** What the kernel has noted of its runs so far. */
  readonly runs: readonly RunRecord[];
}

export interface Saved {
  readonly status: 'ok' | 'error';
  readonly reason?: string;
  readonly hash?: string;
}

export interface Python {
  /** The interpreter, with Jupyter installed. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the package's sources. */
  readonly root: string;
}

export class Session {
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    this.ended = new Promise(resolve => child.once('close', () => resolve()));
    // Its end is seen where an answer is missing.
    child.once('error', () => undefined);
    child.stdin!.on('error', () => undefined);
  }

  /** @throws CommandFault when there is no Python with Jupyter, or no such kernel */
  static async start(
    python: Python,
    notebook: string,
    kernel?: string
  ): Promise<{ session: Session; hash: string }> {
    const script = join(python.root, 'hysim_lab', 'execute.py');
    const child = spawn(python.program, [script, notebook, ...(kernel ? [kernel] : [])], {
      env: python.env,
      stdio: ['pipe', 'pipe', 'inherit']
    });
    const session = new Session(child);
    const { status, reason, hash } = await session.answer();
    if (status === 'ok') return { session, hash: String(hash) };
    await session.ended;
    throw new CommandFault(`${notebook}: ${String(reason)}.`);
  }

  run(place: number, id: string): Promise<Ran> {
    return this.ask({ run: place, id }) as unknown as Promise<Ran>;
  }

  save(): Promise<Saved> {
    return this.ask({ save: true }) as unknown as Promise<Saved>;
  }

  /** Shuts the kernel down; once the process has ended already, does nothing. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && !this.child.stdin!.destroyed) {
      this.child.stdin!.end(`${JSON.stringify({ end: true })}\n`);
    }
    await this.ended;
  }

  private ask(request: object): Promise<Record<string, unknown>> {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.answer();
  }

  private async answer(): Promise<Record<string, unknown>> {
    const { value, done } = await this.lines.next();
    if (!done) return JSON.parse(value) as Record<string, unknown>;
    const program = this.child.spawnfile;
    return {
      status: 'dead',
      reason: `the program that runs the cells (${program}) ended; npm start sets up what it needs`,
      runs: []
    };
  }
}
