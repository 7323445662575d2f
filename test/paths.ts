/** Where tests find the project's own files: compiled tests lie in lib/test. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const SAMPLE = join(ROOT, 'examples', 'data', 'pk-sample');

/** What test/golden/NAME.json holds: values that a kept script of scripts/golden or test/reference wrote. */
export function readGolden(name: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(readFileSync(join(ROOT, 'test', 'golden', `${name}.json`), 'utf8'));
}
