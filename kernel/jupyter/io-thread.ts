/**
 * The I/O thread: owns all five zeromq sockets, so that heartbeat, control and output stay live while a cell
 * keeps the main thread busy. It answers by itself what needs no cell (kernel_info, interrupt, shutdown,
 * refusals) and hands the rest to the main thread. It never touches a cell's variables.
 */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { Reply, Router, XPublisher, type MessageLike } from 'zeromq';
import { address } from './connection.js';
import { interruptMain } from './interrupt.js';
import type { FromIo, IoData, OutChannel, RequestChannel, ToIo } from './port.js';
import { decode, encode, ownBuffer, type Header, type Json, type Message, type Outgoing } from './wire.js';

const { connection, session, info, shared } = workerData as IoData;
const port = parentPort!;
const counters = new Int32Array(shared);

/** Milliseconds for zeromq's own thread to write what it was given. */
const FLUSH = 100;

const toMain = (message: FromIo, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
/** A line on the process's own stderr, for whoever looks at the server's log. */
const log = (text: string): void => void writeSync(2, `[hysim kernel] ${text}\n`);

const heartbeat = new Reply();
const control = new Router({ handover: true });
const shell = new Router({ handover: true });
const stdin = new Router({ handover: true });
// XPUB rather than PUB: it tells of each subscription, which is greeted with iopub_welcome (JEP 65).
const iopub = new XPublisher({ sendHighWaterMark: 0, verbosity: 'allSubs' });

/** A socket takes one send at a time: each gets a queue. */
function queued(socket: {
  send(frames: MessageLike[]): Promise<void>;
}): (message: Outgoing) => Promise<void> {
  let last = Promise.resolve();
  return message => {
    last = last
      .then(() => socket.send(encode(connection.key, session, message)))
      .catch((error: Error) => log(`${message.type} was not sent: ${error.message}`));
    return last;
  };
}

const send: Record<OutChannel, (message: Outgoing) => Promise<void>> = {
  iopub: queued(iopub),
  shell: queued(shell),
  stdin: queued(stdin),
  control: queued(control)
};

const topic = (text: string): Uint8Array[] => [Buffer.from(text)];

function publishStatus(state: 'busy' | 'idle' | 'starting', parent: Header | null): Promise<void> {
  const content = JSON.stringify({ execution_state: state });
  return publish({ identities: topic('status'), type: 'status', content, parent });
}

/** The cell that runs, as told by the status messages that pass through here. */
let running: Header | null = null;

/**
 * While a cell runs, other requests are answered too, and each ends with "idle". A front end would then show
 * an idle kernel, so the cell's own "busy" is said again.
 */
function publish(message: Outgoing): Promise<void> {
  const sent = send.iopub(message);
  if (message.type !== 'status') return sent;
  const cell = message.parent?.msg_type === 'execute_request';
  const idle = message.content === '{"execution_state":"idle"}';
  if (cell) running = idle ? null : message.parent;
  return idle && running ? publishStatus('busy', running) : sent;
}

/** Requests that need no main thread, so that they are answered while a cell keeps it busy. */
const OWN = new Map<string, (message: Message) => Json | Promise<Json>>([
  ['kernel_info_request', () => JSON.parse(info) as Json],
  ['connect_request', connect],
  ['interrupt_request', interrupt],
  ['shutdown_request', message => ({ status: 'ok', restart: message.content.restart === true })],
  ...['debug', 'create_subshell', 'delete_subshell', 'list_subshell', 'usage'].map(
    name => [`${name}_request`, refuse] as const
  )
]);

function connect(): Json {
  const { shell_port, iopub_port, stdin_port, hb_port, control_port } = connection;
  return { status: 'ok', shell_port, iopub_port, stdin_port, hb_port, control_port };
}

function refuse(message: Message): Json {
  const evalue = `this kernel does not support ${message.header.msg_type}`;
  return { status: 'error', ename: 'NotSupportedError', evalue, traceback: [] };
}

async function interrupt(): Promise<Json> {
  const outcome = await interruptMain(counters, () => toMain({ kind: 'interrupt' }));
  if (outcome === 'terminated') toMain({ kind: 'terminated' });
  if (outcome === 'stuck') {
    const text =
      'The kernel does not answer: native code keeps it busy. Wait for it, or restart the kernel.\n';
    const content = JSON.stringify({ name: 'stderr', text });
    void publish({ identities: topic('stream'), type: 'stream', content, parent: running });
  }
  return { status: 'ok' };
}

async function answer(
  channel: RequestChannel,
  message: Message,
  work: (message: Message) => Json | Promise<Json>
): Promise<void> {
  const { header, identities } = message;
  void publishStatus('busy', header);
  const content = JSON.stringify(await work(message));
  const sent = send[channel]({
    identities,
    type: header.msg_type.replace('_request', '_reply'),
    content,
    parent: header
  });
  await Promise.all([sent, publishStatus('idle', header)]);
  if (header.msg_type === 'shutdown_request') {
    // What zeromq has taken it has not yet written: a process that ends at once would take the reply with it.
    setTimeout(() => toMain({ kind: 'shutdown' }), FLUSH);
    // The main thread may be busy; then nobody runs its exit listeners and the end comes from here.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 800);
  }
}

function handOver(channel: RequestChannel | 'stdin', message: Message): void {
  const { header, metadata, content } = message;
  const buffers = message.buffers.map(ownBuffer);
  const identities = message.identities.map(frame => Uint8Array.from(frame));
  toMain({ kind: 'request', request: { channel, identities, header, metadata, content, buffers } }, buffers);
}

async function receive(socket: Router, channel: RequestChannel | 'stdin'): Promise<void> {
  for await (const frames of socket) {
    try {
      const message = decode(connection.key, frames);
      const work = OWN.get(message.header.msg_type);
      if (!work || channel === 'stdin') handOver(channel, message);
      else {
        // Not awaited: the next request need not wait until an interrupt is settled.
        answer(channel, message, work).catch((error: Error) =>
          log(`${message.header.msg_type}: ${error.message}`)
        );
      }
    } catch (error) {
      log(`a message on ${channel} was dropped: ${(error as Error).message}`);
    }
  }
}

async function beat(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

async function welcome(): Promise<void> {
  for await (const [event] of iopub) {
    // First byte 1: a subscription; the rest is its topic.
    if (event?.[0] !== 1) continue;
    const subscription = event.subarray(1).toString();
    const content = JSON.stringify({ subscription });
    void send.iopub({ identities: topic(subscription), type: 'iopub_welcome', content, parent: null });
  }
}

port.on('message', (message: ToIo) => {
  if (message.kind === 'barrier') toMain(message);
  else if (message.channel === 'iopub') void publish(message.message);
  else void send[message.channel](message.message);
});

/** A kernel whose server has died would live for ever. */
function watchParent(): void {
  if (!process.env.JPY_PARENT_PID || process.platform === 'win32') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 1000).unref();
}

try {
  await Promise.all([
    heartbeat.bind(address(connection, connection.hb_port)),
    control.bind(address(connection, connection.control_port)),
    shell.bind(address(connection, connection.shell_port)),
    stdin.bind(address(connection, connection.stdin_port)),
    iopub.bind(address(connection, connection.iopub_port))
  ]);
  const loops = [
    beat(),
    welcome(),
    receive(control, 'control'),
    receive(shell, 'shell'),
    receive(stdin, 'stdin')
  ];
  for (const loop of loops) loop.catch((error: Error) => toMain({ kind: 'failed', reason: error.message }));
  void publishStatus('starting', null);
  watchParent();
  toMain({ kind: 'bound' });
} catch (error) {
  toMain({ kind: 'failed', reason: (error as Error).message });
}
