/**
 * The program's side of the engine: starts the process on first use, sends it one job at a time, and turns its
 * end into an error that says what happened. No ONNX Runtime is loaded here.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CancelledError, EngineError } from '../../common/errors.js';
import { reviveError, type Reply, type Request } from './protocol.js';
import type { TaskInput, TaskName, TaskOutput } from './tasks/index.js';

/** How long a job may take to notice that it was cancelled before the engine process is ended. */
const CANCEL_PATIENCE_MS = 2000;
/** How much of the engine's last words is kept for an error message. */
const STDERR_KEPT = 2000;

export interface RunOptions {
  /** Aborting stops the job: it rejects with CancelledError. */
  signal?: AbortSignal;
  /** Aborting asks the job to end now with the best that it has; a task that cannot ignores it. */
  finish?: AbortSignal;
  /** `partial` is the job's state so far, where the task hands one out. */
  progress?: (fraction: number, message: string, partial?: unknown) => void;
}

export interface Engine {
  /**
   * Runs a task in the engine process; jobs wait for their turn. Rejects with CancelledError when the signal is
   * aborted, EngineError when the process ends; both carry the last state (see lastState). Errors of the task
   * itself come as their own class.
   */
  run<K extends TaskName>(task: K, input: TaskInput<K>, options?: RunOptions): Promise<TaskOutput<K>>;
  /** Process id, while the engine runs. */
  readonly pid: number | undefined;
  /** Ends the process; waiting and running jobs reject with CancelledError. The next job starts it again. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Environment of the process, instead of the program's own. */
  env?: Record<string, string | undefined>;
}

/** The last state that a job handed out before it was cancelled or lost: what to resume from. */
export function lastState(error: unknown): unknown {
  return error instanceof Error ? (error as Error & { partial?: unknown }).partial : undefined;
}

interface Pending {
  id: number;
  task: string;
  input: unknown;
  progress?: RunOptions['progress'];
  resolve: (output: never) => void;
  reject: (error: Error) => void;
  partial?: unknown;
  cancelled: boolean;
  finishing: boolean;
  /** Whether the engine has said anything about this job. */
  heard: boolean;
  /** Whether it was given to a second engine, because the first was gone before it began. */
  again: boolean;
  patience?: NodeJS.Timeout;
}

/** An engine of its own. Programs share the one of index.ts; tests make their own. */
export function createEngine(options: EngineOptions = {}): Engine {
  return new EngineClient(options);
}

class EngineClient implements Engine {
  private child: ChildProcess | undefined;
  private lastWords = '';
  private current: Pending | undefined;
  private readonly waiting: Pending[] = [];
  private nextId = 1;

  constructor(private readonly options: EngineOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  run<K extends TaskName>(task: K, input: TaskInput<K>, options: RunOptions = {}): Promise<TaskOutput<K>> {
    const { signal, progress, finish } = options;
    return new Promise<TaskOutput<K>>((resolve, reject) => {
      if (signal?.aborted) {
        reject(new CancelledError(`The job ${task} was stopped before it began.`));
        return;
      }
      const cancel = (): void => this.cancel(job);
      const end = (): void => this.finish(job);
      const settle = (then: () => void): void => {
        signal?.removeEventListener('abort', cancel);
        finish?.removeEventListener('abort', end);
        clearTimeout(job.patience);
        then();
      };
      const job: Pending = {
        id: this.nextId++,
        task,
        input,
        progress,
        resolve: output => settle(() => resolve(output)),
        reject: error => settle(() => reject(error)),
        cancelled: false,
        finishing: finish?.aborted ?? false,
        heard: false,
        again: false
      };
      signal?.addEventListener('abort', cancel, { once: true });
      finish?.addEventListener('abort', end, { once: true });
      this.waiting.push(job);
      this.next();
    });
  }

  async stop(): Promise<void> {
    for (const job of this.waiting.splice(0))
      job.reject(new CancelledError(`The job ${job.task} was stopped.`));
    if (this.current) this.current.cancelled = true;
    const child = this.child;
    if (!child) return;
    await new Promise<void>(resolve => {
      child.once('close', () => resolve());
      child.ref();
      child.kill('SIGKILL');
    });
  }

  private next(): void {
    if (this.current) return;
    const job = this.waiting.shift();
    if (!job) return;
    this.current = job;
    // An engine that has just died may not have been reported yet.
    if (this.child && !this.child.connected) this.child = undefined;
    const child = (this.child ??= this.start());
    // While a job runs the program must stay for its answer; an idle engine lets it end.
    child.ref();
    child.channel?.ref();
    try {
      this.send(child, { kind: 'run', id: job.id, task: job.task, input: job.input });
      if (job.finishing) this.send(child, { kind: 'finish', id: job.id });
    } catch (error) {
      // The input holds something that cannot be sent, such as a function: the job's fault, not the engine's.
      this.current = undefined;
      job.reject(error as Error);
      this.idle(child);
    }
  }

  private send(child: ChildProcess, request: Request): void {
    // A failed send means that the process is going down; its exit event settles the job.
    child.send(request, () => {});
  }

  private start(): ChildProcess {
    const main = fileURLToPath(new URL('./main.js', import.meta.url));
    const child = fork(main, [], {
      // A thread cannot start where the working folder is gone. No task reads a path from it: all are whole.
      cwd: dirname(main),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // ONNX Runtime would report its use to its makers: nothing leaves the machine unasked.
      env: { ...(this.options.env ?? process.env), ORT_DISABLE_TELEMETRY: '1' },
      execArgv: []
    });
    this.lastWords = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-STDERR_KEPT);
    });
    (child.stderr as unknown as { unref(): void }).unref();
    child.on('message', (reply: Reply) => this.receive(child, reply));
    child.once('error', error => {
      this.lastWords += `\n${error.message}`;
      if (child.pid === undefined) this.ended(child, null, null);
    });
    // 'close' and not 'exit': by then the last words have been read, and the last messages received.
    child.once('close', (code, signal) => this.ended(child, code, signal));
    return child;
  }

  private receive(child: ChildProcess, reply: Reply): void {
    const job = this.current;
    if (!job || reply.id !== job.id) return;
    job.heard = true;
    if (reply.kind === 'progress') {
      if (reply.partial !== undefined) job.partial = reply.partial;
      // A listener that throws fails its own job and must not take the program's event loop down.
      try {
        if (!job.cancelled) job.progress?.(reply.fraction, reply.message, reply.partial);
      } catch (error) {
        this.cancel(job);
        job.reject(error as Error);
      }
      return;
    }
    this.current = undefined;
    if (reply.kind === 'done' && !job.cancelled) job.resolve(reply.output as never);
    else if (reply.kind === 'done') job.reject(this.stopped(job));
    else job.reject(withState(reviveError(reply.error), job.partial));
    this.idle(child);
  }

  private idle(child: ChildProcess): void {
    child.unref();
    child.channel?.unref();
    this.next();
  }

  private cancel(job: Pending): void {
    const place = this.waiting.indexOf(job);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      job.reject(new CancelledError(`The job ${job.task} was stopped before it began.`));
    } else if (this.current === job && !job.cancelled && this.child) {
      job.cancelled = true;
      this.send(this.child, { kind: 'cancel', id: job.id });
      const child = this.child;
      job.patience = setTimeout(() => child.kill('SIGKILL'), CANCEL_PATIENCE_MS);
    }
  }

  private finish(job: Pending): void {
    job.finishing = true;
    if (this.current === job && this.child) this.send(this.child, { kind: 'finish', id: job.id });
  }

  private ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.child !== child) return;
    this.child = undefined;
    const job = this.current;
    this.current = undefined;
    if (job?.cancelled) job.reject(this.stopped(job));
    else if (job && !job.heard && !job.again) {
      // The engine was lost while idle and the job was sent into the void: a new engine takes it.
      job.again = true;
      this.waiting.unshift(job);
    } else if (job) job.reject(withState(new EngineError(this.explain(job, code, signal)), job.partial));
    this.next();
  }

  private stopped(job: Pending): Error {
    return withState(new CancelledError(`The job ${job.task} was stopped.`), job.partial);
  }

  private explain(job: Pending, code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal
      ? `by signal ${signal}`
      : code === null
        ? 'before it started'
        : `with exit code ${code}`;
    const memory =
      signal === 'SIGKILL' || /bad_alloc|out.of.memory|Failed to allocate/i.test(this.lastWords)
        ? ' The machine may have run out of memory: try a smaller batch or a smaller model.'
        : '';
    const words = this.lastWords.trim();
    return (
      `The engine process ended ${how} while it ran ${job.task}.${memory} No variable is lost: run the cell again, ` +
      `and the engine starts anew.${words ? ` Its last words: ${words}` : ''}`
    );
  }
}

function withState(error: Error, partial: unknown): Error {
  return partial === undefined ? error : Object.assign(error, { partial });
}
