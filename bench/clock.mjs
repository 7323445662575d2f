// What every bench with peers shares: the clock, files that hand data to a peer, the line that is printed, and the choice of
// cases.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../.cache/bench/', import.meta.url));

/** CPU seconds of this process, all its threads, and wall seconds of `run`, with what it gave. */
export async function timed(run) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  const result = await run();
  const { user, system } = process.cpuUsage(cpu);
  return { result, cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 };
}

/** The call that took least CPU of `rounds`. */
export async function least(run, rounds) {
  let best;
  for (let i = 0; i < rounds; i++) {
    const once = await timed(run);
    if (!best || once.cpu < best.cpu) best = once;
  }
  return best;
}

/** Writes a typed array for a peer to read; gives the path. */
export function handOver(name, values) {
  fs.mkdirSync(cache, { recursive: true });
  const file = path.join(cache, name);
  fs.writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return file;
}

/**
 * One JSON line as run.mjs says. `ours` and `peer` are CPU seconds at one thread unless `unit` says otherwise; `bound` is
 * the most that the ratio may be.
 */
export function tell({ name, case: one, ours, peer, peerName, unit = 'CPU s', ...more }) {
  const ratio = peer === undefined ? undefined : ours / peer;
  const line = { name, case: one, ours, peer, peerName, ratio, unit, ...more };
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? +value.toPrecision(3) : value))
  );
}

/** Runs the cases that the command line names, or all where it names none; each gets its name. */
export async function runCases(cases) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter(name => !Object.hasOwn(cases, name));
  if (unknown.length > 0) {
    console.error(`There is no case ${unknown.join(', ')}. The cases are ${Object.keys(cases).join(', ')}.`);
    process.exit(2);
  }
  for (const [name, run] of Object.entries(cases))
    if (wanted.length === 0 || wanted.includes(name)) await run(name);
}
