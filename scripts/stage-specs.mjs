// Writes common/stagecell/specs.generated.ts: what the stages say about themselves, for the front end, which cannot
// load the kernel. Reads the compiled stages: npm run build:lib first. --check writes nothing and tells by its exit.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as prettier from 'prettier';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = path.join(ROOT, 'lib', 'kernel', 'stages', 'index.js');
const TARGET = path.join(ROOT, 'common', 'stagecell', 'specs.generated.ts');

if (!fs.existsSync(SOURCE)) {
  console.error('The stages are not compiled. Run npm run build:lib first.');
  process.exit(1);
}

const exported = /** @type {Record<string, { spec?: object }>} */ (await import(pathToFileURL(SOURCE).href));
// A module's names come sorted; the order in which an analysis takes the stages is that of the source.
const index = fs.readFileSync(path.join(ROOT, 'kernel', 'stages', 'index.ts'), 'utf8');
const specs = Object.entries(exported)
  .filter(([, value]) => typeof value === 'function' && 'spec' in value)
  .sort(([a], [b]) => index.search(`\\b${a}\\b`) - index.search(`\\b${b}\\b`))
  .map(([, value]) => value.spec);

const text = `/** Made by scripts/stage-specs.mjs from kernel/stages; change the stage there, then run that script. */
/* eslint-disable max-lines */
import type { StageData } from './spec.js';

export const STAGES: readonly StageData[] = ${JSON.stringify(specs, null, 2)};
`;
const formatted = await prettier.format(text, {
  ...(await prettier.resolveConfig(TARGET)),
  parser: 'typescript'
});
if (process.argv.includes('--check')) {
  const current = fs.existsSync(TARGET) && fs.readFileSync(TARGET, 'utf8') === formatted;
  if (!current)
    console.error('common/stagecell/specs.generated.ts is out of date: node scripts/stage-specs.mjs');
  process.exit(current ? 0 : 1);
}
fs.writeFileSync(TARGET, formatted);
console.log(`${specs.length} stages written to ${path.relative(ROOT, TARGET)}.`);
