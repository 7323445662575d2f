/**
 * The kernel's main thread: takes requests from the I/O thread and gives each to the part that answers it. The
 * interpreter is handed in later, because it takes a second or two to make while requests already come.
 */
import type { Worker } from 'node:worker_threads';
import { HOST } from '../../common/host.js';
import { describeFailure, type Interpreter, type JupyterApi } from '../cell/index.js';
import { Comms } from './comms.js';
import { DataflowChannel } from './dataflow.js';
import { Displays } from './displays.js';
import { Execution } from './execution.js';
import { History } from './history.js';
import { KernelHost } from './host.js';
import { Input } from './input.js';
import { onOwnBehalf } from './origin.js';
import { Outbox } from './outbox.js';
import { SLOT, type FromIo, type Request } from './port.js';
import { answerRequest } from './requests.js';
import { RunLog } from './runlog.js';

export class Kernel {
  readonly outbox: Outbox;
  readonly displays: Displays;
  private readonly comms: Comms;
  private readonly history = new History();
  private readonly input: Input;
  private readonly execution: Execution;
  private readonly host: KernelHost;
  private interpreter: Interpreter | undefined;
  private readonly waiting: Request[] = [];
  /** When the last request came. */
  private asked = performance.now();
  /** Comms whose opening waits for a cell; their messages wait behind it. */
  private readonly deferred = new Set<string>();

  constructor(
    io: Worker,
    private readonly counters: Int32Array,
    /** Name under which cells import the stages. */
    library: string
  ) {
    this.outbox = new Outbox(io);
    this.displays = new Displays(this.outbox);
    this.comms = new Comms(this.outbox);
    this.input = new Input(this.outbox);
    const interpreter = (): Interpreter => this.interpreter!;
    const { outbox, displays, history, input, comms } = this;
    const log = new RunLog();
    const complain = (error: unknown): void => this.complain('A listener of the kernel failed:', error);
    const dataflow = new DataflowChannel({
      comms,
      log,
      complain,
      variables: () => interpreter().variables,
      loadStages: async () => void interpreter().load(library)
    });
    const ran = (): void => dataflow.ran();
    this.execution = new Execution({ outbox, history, input, interpreter, log, ran });
    this.host = new KernelHost(comms, displays, dataflow, complain);
    const globals = globalThis as unknown as Record<PropertyKey, unknown>;
    globals[HOST] = this.host;
    globals.jupyter = this.api();
  }

  /** From here on requests are answered; those that came before are answered now. */
  begin(interpreter: Interpreter): void {
    this.interpreter = interpreter;
    for (const request of this.waiting.splice(0)) this.receive(request);
  }

  get restedFor(): number {
    return this.execution.busy ? 0 : performance.now() - Math.max(this.asked, this.execution.ended);
  }

  private api(): JupyterApi {
    const { displays, comms, input, outbox } = this;
    return {
      get outputLimit() {
        return outbox.limit.characters;
      },
      set outputLimit(characters) {
        outbox.limit.characters = characters;
      },
      display: async (value, id) => {
        const complain = (error: unknown): void => this.complain("This value's own display failed:", error);
        const plain = typeof value === 'object' && value !== null && isMimeBundle(value);
        displays.show(plain ? value : await this.interpreter!.display(value, complain), {}, id);
      },
      clearOutput: (wait = false) => displays.clear(wait),
      input: (prompt = '', { password = false } = {}) => input.ask(prompt, password),
      openComm: (target, data, buffers) => comms.openComm(target, data, buffers),
      registerCommTarget: (target, opened) => comms.registerTarget(target, opened)
    };
  }

  private complain(what: string, error: unknown): void {
    this.outbox.print('stderr', `${what}\n${describeFailure(error).traceback.join('\n')}\n`);
  }

  handle(message: Exclude<FromIo, { kind: 'bound' | 'failed' | 'shutdown' }>): void {
    onOwnBehalf();
    switch (message.kind) {
      case 'request':
        return this.receive(message.request);
      case 'barrier':
        return this.execution.reached(message.id);
      case 'interrupt':
        return this.interrupt();
      case 'terminated':
        return this.execution.recover();
      default:
        message satisfies never;
    }
  }

  /** Jobs stop first, then the cell that awaits them. */
  interrupt(): void {
    Atomics.add(this.counters, SLOT.handled, 1);
    this.host.interrupt();
    this.execution.interrupt();
  }

  private receive(request: Request): void {
    this.asked = performance.now();
    if (!this.interpreter) return void this.waiting.push(request);
    const type = request.header.msg_type;
    if (request.channel === 'stdin') return type === 'input_reply' ? this.input.answer(request) : undefined;
    if (type === 'execute_request') return this.execution.submit(request);
    if (type.startsWith('comm_') && type !== 'comm_info_request' && this.mustWait(request))
      return this.execution.submit(() => {
        this.deferred.delete(String(request.content.comm_id));
        this.answer(request);
      });
    this.answer(request);
  }

  /** A comm for a target that a cell on its way may register opens after that cell. */
  private mustWait(request: Request): boolean {
    const id = String(request.content.comm_id);
    if (this.deferred.has(id)) return true;
    const { target_name } = request.content;
    const early = request.header.msg_type === 'comm_open' && !this.comms.knows(target_name);
    if (early && this.execution.busy) this.deferred.add(id);
    return early && this.execution.busy;
  }

  private answer(request: Request): void {
    const { outbox } = this;
    outbox.status('busy', request.header);
    try {
      if (/^comm_(open|msg|close)$/.test(request.header.msg_type)) this.comms.handle(request);
      else {
        const content = answerRequest(request, {
          interpreter: () => this.interpreter!,
          comms: this.comms,
          history: this.history
        });
        if (content) outbox.reply(request, content);
      }
    } catch (error) {
      this.complain(`${request.header.msg_type} failed:`, error);
      if (request.header.msg_type.endsWith('_request'))
        outbox.reply(request, { status: 'error', ...describeFailure(error) });
    }
    outbox.status('idle', request.header);
  }
}

/** `{ "text/html": ... }` as opposed to a value that happens to be an object. */
function isMimeBundle(value: object): value is Record<string, unknown> {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every(key => /^[a-z]+\/[\w.+-]+$/i.test(key));
}
