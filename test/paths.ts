/** Where tests find the project's own files: compiled tests lie in lib/test. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const SAMPLE = join(ROOT, 'examples', 'data', 'pk-sample');
