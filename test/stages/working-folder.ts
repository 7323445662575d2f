/** A folder of its own that a test works in, with a cache there: stages keep their results beside the notebook. */
import type { TestContext } from 'node:test';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { temporaryFolder } from '../temporary.js';

export async function workingFolder(test: TestContext): Promise<string> {
  const home = process.cwd();
  const before = process.env.HYSIM_CACHE;
  const folder = await temporaryFolder(test);
  process.chdir(folder);
  delete process.env.HYSIM_CACHE;
  forgetAlive();
  test.after(() => {
    process.chdir(home);
    if (before === undefined) delete process.env.HYSIM_CACHE;
    else process.env.HYSIM_CACHE = before;
  });
  return folder;
}

/** Runs something as it would run without a cache. */
export async function uncached<T>(work: () => Promise<T>): Promise<T> {
  process.env.HYSIM_CACHE = 'off';
  try {
    return await work();
  } finally {
    delete process.env.HYSIM_CACHE;
  }
}

/** What is printed on standard error or output by way of the console while something runs. */
export async function printed(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { log, warn, error } = console;
  console.log =
    console.warn =
    console.error =
      (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
  try {
    await work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
  return lines;
}
