/**
 * The queue of execute requests: one cell at a time, each answered exactly once, the rest aborted after an
 * error. A plain array and callbacks: termination from outside can lose a pending promise, and the queue must
 * survive that.
 */
import { METADATA, type MimeBundle } from '../../common/host.js';
import {
  describeFailure,
  KeyboardInterrupt,
  type Failure,
  type Interpreter,
  type Outcome
} from '../cell/index.js';
import type { History } from './history.js';
import type { Input } from './input.js';
import type { CellStatus } from './noted.js';
import { onBehalfOf, originOf, type Origin } from './origin.js';
import type { Outbox } from './outbox.js';
import type { Request } from './port.js';
import type { Begun, RunLog } from './runlog.js';
import type { Json } from './wire.js';

/** Names of the errors by which a stage, or the kernel, says that a person stopped it. */
const STOPPED: readonly string[] = ['CancelledError', 'KeyboardInterrupt'];

/** A cell, or a piece of work that must wait for the cells before it. */
type Task = Request | (() => void);

export interface ExecutionParts {
  outbox: Outbox;
  history: History;
  input: Input;
  interpreter: () => Interpreter;
  log: RunLog;
  /** Told when a run has been noted. */
  ran(): void;
}

export class Execution {
  /** When the last cell ended. */
  ended = 0;
  private readonly queue: Task[] = [];
  private current: Request | null = null;
  /** Of the current request. */
  private origin: Origin | undefined;
  private scheduled = false;
  private count = 0;
  private barriers = 0;
  /** While set, requests that were sent before an error are answered as aborted. */
  private aborting = 0;
  private record: ((output: string) => void) | undefined;
  /** The note of the current request; none for one that leaves no trace. */
  private begun: Begun | undefined;

  constructor(private readonly parts: ExecutionParts) {}

  get busy(): boolean {
    return this.current !== null || this.queue.length > 0;
  }

  submit(task: Task): void {
    if (this.aborting && typeof task !== 'function') return this.abort(task);
    this.queue.push(task);
    this.next();
  }

  /** Everything that was received before the barrier has been handed over. */
  reached(barrier: number): void {
    if (barrier !== this.aborting) return;
    this.aborting = 0;
    this.next();
  }

  /** The person interrupts: whatever the current cell is at, it ends as an error. */
  interrupt(message?: string): void {
    const { current } = this;
    if (!current) return;
    this.parts.interpreter().interrupt(message);
    // Not in the cell's own code: its value is being displayed.
    if (this.current === current) this.fail(current, new KeyboardInterrupt(message));
  }

  /** After JavaScript was ended from outside: a start that was on its way may be lost. */
  recover(): void {
    this.scheduled = false;
    this.next();
  }

  private next(): void {
    if (this.current || this.aborting || this.scheduled || this.queue.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.current || this.aborting) return;
      const task = this.queue.shift();
      if (typeof task === 'function') {
        onBehalfOf(undefined, task);
        this.next();
      } else if (task) {
        this.origin = originOf(task);
        onBehalfOf(this.origin, () => this.start(task));
      }
    });
  }

  private start(request: Request): void {
    const { outbox, history, input, interpreter } = this.parts;
    const { content, header } = request;
    const source = String(content.code ?? '');
    this.current = request;
    outbox.flush();
    outbox.last = this.origin;
    outbox.status('busy', header);
    this.record = undefined;
    if (content.silent !== true) {
      if (content.store_history !== false) {
        this.count++;
        this.record = history.add(this.count, source);
      }
      outbox.publish('execute_input', { code: source, execution_count: this.count });
    }
    input.begin(request);
    this.begun = undefined;
    if (content.silent !== true) {
      // JupyterLab says in the request's metadata which cell it runs.
      const { cellId } = request.metadata;
      const cell = typeof cellId === 'string' ? cellId : undefined;
      this.begun = this.parts.log.begin(interpreter().variables, source, cell);
    }
    interpreter().execute(source, this.count, outcome => {
      this.settle(request, outcome).catch((error: unknown) => this.fail(request, error));
    });
  }

  private async settle(request: Request, outcome: Outcome): Promise<void> {
    if (!outcome.ok) return this.fail(request, outcome.error);
    const { outbox } = this.parts;
    const { content } = request;
    if (content.silent !== true && outcome.value !== undefined) {
      const { data, metadata } = await this.described(outcome.value);
      if (this.current !== request) return;
      outbox.publish('execute_result', {
        execution_count: this.count,
        data,
        metadata
      });
      this.record?.(String(data['text/plain'] ?? ''));
    }
    this.note('done');
    const user_expressions = await this.expressions(content.user_expressions);
    this.finish(request, { status: 'ok', execution_count: this.count, user_expressions, payload: [] });
  }

  private bundle(value: unknown): Promise<MimeBundle> {
    const { interpreter, outbox } = this.parts;
    return interpreter().display(value, error =>
      outbox.print(
        'stderr',
        `This value's own display failed:\n${describeFailure(error).traceback.join('\n')}\n`
      )
    );
  }

  /** A bundle and its metadata, as an execute_result and a user expression carry them. */
  private async described(value: unknown): Promise<{ data: MimeBundle; metadata: Record<string, unknown> }> {
    const data = this.parts.outbox.limit.bound(await this.bundle(value));
    return { data, metadata: data[METADATA] ?? {} };
  }

  private async expressions(wanted: unknown): Promise<Json> {
    const results: Json = {};
    if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return results;
    for (const [name, expression] of Object.entries(wanted as Json)) {
      const outcome = await this.parts.interpreter().evaluate(String(expression));
      results[name] = outcome.ok
        ? { status: 'ok', ...(await this.described(outcome.value)) }
        : { status: 'error', ...describeFailure(outcome.error, String(expression)) };
    }
    return results;
  }

  private fail(request: Request, error: unknown): void {
    if (this.current !== request) return;
    const { content } = request;
    const failure: Failure = describeFailure(error, String(content.code ?? ''));
    if (content.stop_on_error !== false) {
      this.aborting = ++this.barriers;
      // Before the error is told: what lies before the barrier was sent by someone who could not know of it.
      this.parts.outbox.barrier(this.aborting);
    }
    const stopped = STOPPED.includes(failure.ename);
    this.note(stopped ? 'cancelled' : 'failed', `${failure.ename}: ${failure.evalue}`);
    if (content.silent !== true) this.parts.outbox.publish('error', { ...failure });
    this.finish(request, { status: 'error', execution_count: this.count, ...failure });
    if (!this.aborting) return;
    for (const task of this.queue.splice(0)) {
      if (typeof task === 'function') onBehalfOf(undefined, task);
      else this.abort(task);
    }
  }

  private note(status: CellStatus, reason?: string): void {
    const { begun } = this;
    this.begun = undefined;
    if (!begun) return;
    this.parts.log.end(begun, this.parts.interpreter().variables, status, reason);
    this.parts.ran();
  }

  private abort(request: Request): void {
    const { outbox } = this.parts;
    outbox.status('busy', request.header);
    outbox.reply(request, { status: 'aborted', execution_count: this.count });
    outbox.status('idle', request.header);
  }

  private finish(request: Request, content: Json): void {
    if (this.current !== request) return;
    this.current = null;
    this.ended = performance.now();
    this.parts.input.end();
    if (this.origin) this.parts.outbox.summarize(this.origin);
    this.parts.outbox.reply(request, content);
    this.parts.outbox.status('idle', request.header);
    this.next();
  }
}
