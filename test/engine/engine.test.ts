/** The engine process: progress, stopping, dying and restarting, and leaving the program's own loop free. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { CancelledError, EngineError } from '../../common/errors.js';
import { createEngine, lastState, type HeadState, type TrainHeadInput } from '../../kernel/engine/index.js';
import { ROOT } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

const engine = createEngine();
after(() => engine.stop());

/** Work for `epochs` epochs of 4 steps; 1e6 of them take far longer than any test. */
function training(epochs: number): TrainHeadInput {
  const rows = 256;
  const x = Float32Array.from({ length: rows * 64 }, (_, i) => Math.sin(i * i));
  return { x, y: Int32Array.from({ length: rows }, (_, i) => i % 5), classes: 5, hidden: 64, epochs };
}
const long = training(1_000_000);

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts a long job and waits for its first state. */
async function started(signal?: AbortSignal): Promise<{ job: Promise<unknown>; state: HeadState }> {
  let job!: Promise<unknown>;
  const state = await new Promise<HeadState>((resolve, reject) => {
    job = engine.run('train-head', long, {
      signal,
      progress: (_, __, partial) => resolve(partial as HeadState)
    });
    job.catch(reject);
  });
  return { job, state };
}

async function rejection(job: Promise<unknown>): Promise<Error> {
  return job.then(
    () => assert.fail('the job did not fail'),
    (error: Error) => error
  );
}

/** Longest time between two ticks of a 5 ms timer, in ms, over a stretch that holds a report of the job. */
async function longestGap(duration: number): Promise<number> {
  let [last, worst] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
  }, 5);
  await sleep(duration);
  clearInterval(timer);
  return Math.max(worst, performance.now() - last);
}

test('progress arrives at least each half second, rises, and carries the state', async () => {
  const stop = new AbortController();
  const times: number[] = [performance.now()];
  const steps: number[] = [];
  const job = engine.run('train-head', long, {
    signal: stop.signal,
    progress(_, message, partial) {
      times.push(performance.now());
      steps.push((partial as HeadState).step);
      assert.match(message, /epoch \d+ of 1000000/);
      if (steps.length === 3) stop.abort();
    }
  });
  await rejection(job);
  // The engine itself may have had to start before the first report.
  const gaps = times.slice(2).map((time, i) => time - times[i + 1]!);
  assert.ok(
    gaps.every(gap => gap < 1000),
    `gaps of ${gaps.map(Math.round).join(', ')} ms`
  );
  assert.ok(steps.every((step, i) => i === 0 || step > steps[i - 1]!));
});

test('a stopped job rejects within a second, with a state newer than the last report', async () => {
  // On a busy machine no step may fit between a report and the stop: then the state is the reported one.
  let newer = false;
  for (let attempt = 0; attempt < 5 && !newer; attempt++) {
    const stop = new AbortController();
    let reported = -1;
    const job = engine.run('train-head', long, {
      signal: stop.signal,
      progress: (_fraction, _message, partial) => {
        reported = (partial as HeadState).step;
        setTimeout(() => stop.abort(), 100 + 50 * attempt);
      }
    });
    const stopped = once(stop.signal, 'abort').then(() => performance.now());
    const error = await rejection(job);
    assert.ok(performance.now() - (await stopped) < 1000);
    assert.ok(error instanceof CancelledError);
    const last = lastState(error) as HeadState;
    assert.ok(last.step >= reported);
    assert.ok(last.p instanceof Float32Array && last.p.length === 64 * 64 + 64 + 64 * 5 + 5);
    newer = last.step > reported;
  }
  assert.ok(newer, 'no state was newer than the report before it');
});

test('the program answers its timers within 50 ms while a job runs', async () => {
  const stop = new AbortController();
  const { job } = await started(stop.signal);
  // A machine busy with other things delays a timer now and then; a loop that is blocked is late every time.
  const gaps: number[] = [];
  for (let attempt = 0; attempt < 4 && !gaps.some(gap => gap < 50); attempt++)
    gaps.push(await longestGap(800));
  stop.abort();
  await rejection(job);
  assert.ok(Math.min(...gaps) < 50, `gaps of ${gaps.map(Math.round).join(', ')} ms`);
});

test('a killed engine is an EngineError with the signal and the last state, and the next job works', async () => {
  const { job } = await started();
  const pid = engine.pid!;
  const waiting = engine.run('train-head', training(1));
  process.kill(pid, 'SIGKILL');
  const error = await rejection(job);
  assert.ok(error instanceof EngineError);
  assert.match(error.message, /ended by signal SIGKILL while it ran train-head.*memory.*run the cell again/);
  assert.ok((lastState(error) as HeadState).step > 0);
  const out = await waiting;
  assert.equal(out.curves.length, 1);
  assert.notEqual(engine.pid, pid);
});

test('a job that does not notice its stop is ended with the process', async () => {
  const stop = new AbortController();
  const { job } = await started(stop.signal);
  const stuck = engine.pid!;
  // SIGSTOP makes the engine as deaf as a long native call would.
  process.kill(stuck, 'SIGSTOP');
  const before = performance.now();
  stop.abort();
  const error = await rejection(job);
  assert.ok(error instanceof CancelledError);
  assert.ok((lastState(error) as HeadState).step > 0);
  const took = performance.now() - before;
  assert.ok(took > 1900 && took < 4000, `took ${took.toFixed(0)} ms`);
  assert.ok(!alive(stuck));
  assert.equal((await engine.run('train-head', training(1))).curves.length, 1);
});

test('jobs wait for their turn, and a waiting one stops at once', async () => {
  const stop = new AbortController();
  const { job } = await started(stop.signal);
  const waiting = new AbortController();
  const second = engine.run('train-head', long, { signal: waiting.signal });
  const third = engine.run('train-head', training(2));
  waiting.abort();
  assert.match((await rejection(second)).message, /stopped before it began/);
  stop.abort();
  await rejection(job);
  assert.equal((await third).curves.length, 2);
  const never = engine.run('train-head', long, { signal: AbortSignal.abort() });
  assert.ok((await rejection(never)) instanceof CancelledError);
});

test('a progress listener that throws fails its job and not the program', async () => {
  const job = engine.run('train-head', long, {
    progress() {
      throw new Error('listener at fault');
    }
  });
  assert.match((await rejection(job)).message, /listener at fault/);
  assert.equal((await engine.run('train-head', training(1))).curves.length, 1);
});

test('an input that cannot be sent fails its job only', async () => {
  const input = { ...training(1), seed: (() => 1) as unknown as number };
  assert.match((await rejection(engine.run('train-head', input))).message, /could not be cloned/);
  assert.equal((await engine.run('train-head', training(1))).curves.length, 1);
});

test('stop() ends the process, and jobs with it', async () => {
  const { job } = await started();
  const pid = engine.pid!;
  const failed = rejection(job);
  await engine.stop();
  assert.ok((await failed) instanceof CancelledError);
  assert.equal(engine.pid, undefined);
  assert.ok(!alive(pid));
  await engine.stop();
});

const SCRIPT = `
  import { engine } from ${JSON.stringify(join(ROOT, 'lib/kernel/engine/index.js'))};
  const x = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const out = await engine().run('train-head', { x, y: [0, 1, 0, 1], classes: 2, epochs: 2 });
  console.log(JSON.stringify({ pid: engine().pid, epochs: out.curves.length }));
`;

test('a plain script gets its result and exits by itself, and the engine with it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    timeout: 20000
  });
  const { pid, epochs } = JSON.parse(stdout) as { pid: number; epochs: number };
  assert.equal(epochs, 2);
  for (let i = 0; i < 100 && alive(pid); i++) await sleep(20);
  assert.ok(!alive(pid), 'the engine ended with the script');
});

test('an engine in the middle of a job ends when its program is killed', async () => {
  const endless = SCRIPT.replace(
    'epochs: 2 }',
    'epochs: 1e9 }, { progress: () => console.log(engine().pid) }'
  );
  const program = execFile(process.execPath, ['--input-type=module', '-e', endless]);
  const [first] = (await once(program.stdout!, 'data')) as [string];
  const pid = Number(String(first).trim().split('\n')[0]);
  assert.ok(alive(pid));
  program.kill('SIGKILL');
  for (let i = 0; i < 100 && alive(pid); i++) await sleep(20);
  assert.ok(!alive(pid), 'the engine ended with its program');
});

test(
  'threads start where the folder that the program was in is gone',
  { skip: process.platform === 'win32' },
  async context => {
    const home = process.cwd();
    const folder = await temporaryFolder(context);
    const lost = createEngine();
    try {
      process.chdir(folder);
      // Starts the process, and no thread beside its own.
      await lost.run('train-head', training(1));
      await rm(folder, { recursive: true });
      const rows = 1100;
      const vectors = Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i * i));
      const { values } = await lost.run('project', {
        ...{ vectors, dimension: 4, method: 'umap', dimensions: 2, neighbors: 5, minDist: 0.1 },
        ...{ epochs: 1, metric: 'euclidean', sample: rows, seed: 0, threads: 2 }
      });
      assert.equal(values.length, 2 * rows);
    } finally {
      process.chdir(home);
      await lost.stop();
    }
  }
);
