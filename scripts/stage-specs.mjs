// Writes common/stagecell/specs.generated.ts: what the stages say about themselves, for the front end, which cannot
// load the kernel; and exports.generated.ts beside it: what the library has. Reads the compiled stages: npm run build:lib first. --check writes nothing and tells by its exit.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as prettier from 'prettier';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = path.join(ROOT, 'lib', 'kernel', 'stages', 'index.js');
const FOLDER = path.join(ROOT, 'common', 'stagecell');

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

const made =
  'Made by scripts/stage-specs.mjs from kernel/stages; change the stage there, then run that script.';
const texts = {
  'specs.generated.ts': `/** ${made} */
/* eslint-disable max-lines */
import type { StageData } from './spec.js';

export const STAGES: readonly StageData[] = ${JSON.stringify(specs, null, 2)};
`,
  'exports.generated.ts': `/** ${made} */

/** All that the library exports at run time. */
export const EXPORTS: readonly string[] = ${JSON.stringify(Object.keys(exported).sort())};
`
};

const stale = [];
for (const [name, text] of Object.entries(texts)) {
  const target = path.join(FOLDER, name);
  const formatted = await prettier.format(text, {
    ...(await prettier.resolveConfig(target)),
    parser: 'typescript'
  });
  if (fs.existsSync(target) && fs.readFileSync(target, 'utf8') === formatted) continue;
  stale.push(path.relative(ROOT, target));
  if (!process.argv.includes('--check')) fs.writeFileSync(target, formatted);
}
if (process.argv.includes('--check')) {
  if (stale.length > 0) console.error(`${stale.join(', ')}: out of date: node scripts/stage-specs.mjs`);
  process.exit(stale.length > 0 ? 1 : 0);
}
console.log(`${specs.length} stages; written: ${stale.join(', ') || 'nothing, all is up to date'}.`);
