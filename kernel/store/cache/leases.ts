/**
 * What running programs hold: one file a program with the digests of the values that live in it, so that no other
 * program removes what an open notebook shows. Nobody waits for a lease, and a program that died holds nothing.
 */
import { readFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../atomic.js';
import type { Layout } from './layout.js';

interface Lease {
  host: string;
  pid: number;
  /** When the program began, as its system says: a later program of the same number is another one. */
  born?: string;
  values: string[];
}

/** A lease of another machine says nothing of whether its program lives: it counts for so long after its last word. */
const FOREIGN_MS = 24 * 3600 * 1000;

/** When a program began, in ticks since the system did; unknown where there is no /proc. */
function bornOf(pid: number | 'self'): string | undefined {
  try {
    // The second field is the program's name in brackets, which may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19];
  } catch {
    return undefined;
  }
}

function lives(lease: Lease, saidMs: number): boolean {
  if (lease.host !== hostname()) return Date.now() - saidMs < FOREIGN_MS;
  try {
    process.kill(lease.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return lease.born === undefined || lease.born === bornOf(lease.pid);
}

const nameOf = (host: string): string => `${host.replace(/[^\w.-]/g, '_')}-${process.pid}.json`;

/** Says what this program holds, in place of what it said before. */
export async function writeLease(layout: Layout, values: Iterable<string>): Promise<void> {
  const host = hostname();
  const lease: Lease = { host, pid: process.pid, born: bornOf('self'), values: [...values] };
  await writeWhole(join(layout.leases, nameOf(host)), `${JSON.stringify(lease)}\n`);
}

/** The digests that programs hold now, this one left out if asked. Leases of dead programs are removed. */
export async function heldValues(layout: Layout, othersOnly = false): Promise<Set<string>> {
  const held = new Set<string>();
  for (const name of await readdir(layout.leases).catch(() => [])) {
    const path = join(layout.leases, name);
    if (!name.endsWith('.json') || (othersOnly && name === nameOf(hostname()))) continue;
    try {
      const lease = JSON.parse(await readFile(path, 'utf8')) as Lease;
      if (lives(lease, (await stat(path)).mtimeMs)) for (const value of lease.values) held.add(value);
      else await rm(path, { force: true });
    } catch {
      // It is written whole: what cannot be read is no lease, or is gone.
    }
  }
  return held;
}
