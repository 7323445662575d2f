/** Sends what the process prints to the notebook, and keeps the process alive when user code misbehaves. */
import { originOfPromise } from './origin.js';
import type { Outbox, StreamName } from './outbox.js';
import { describeFailure } from '../cell/index.js';

type Done = (error?: Error | null) => void;

export function captureStreams(outbox: Outbox): void {
  for (const name of ['stdout', 'stderr'] as const satisfies readonly StreamName[]) {
    const decoder = new TextDecoder();
    const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      outbox.print(name, text);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}

/** Errors that nobody caught become text; `process.exit` becomes an error. */
export function keepAlive(outbox: Outbox): void {
  const tell = (what: string, error: unknown, origin = outbox.cause): void =>
    outbox.print('stderr', `${what}\n${describeFailure(error).traceback.join('\n')}\n`, origin);
  process.on('uncaughtException', error => tell('Uncaught error outside a cell:', error));
  process.on('unhandledRejection', (reason, promise) =>
    tell('Unhandled promise rejection:', reason, originOfPromise(promise))
  );
  process.exit = (code => {
    throw new Error(
      `process.exit(${code ?? ''}) would end the kernel and lose all variables: ` +
        'use "Restart Kernel" if that is what you want'
    );
  }) as typeof process.exit;
  process.removeAllListeners('warning');
  process.on('warning', warning => {
    // Every import in a cell becomes a require, so this one would greet each notebook.
    const routine = warning.name === 'ExperimentalWarning' && /loading ES Module/.test(warning.message);
    if (!routine) outbox.print('stderr', `${warning.name}: ${warning.message}\n`);
  });
}
