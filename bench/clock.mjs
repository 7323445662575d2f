// What every bench with peers shares: the clock, files that hand data to a peer, and the line that is printed.
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
