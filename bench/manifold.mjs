// `npm run bench -- manifold [CASE ...]`: neighbours, local PCA and denoising at 50,000 to 100,000 rows against peers from
// PyPI (peers.mjs). CPU seconds at one thread, each side in a process of its own and in one run; `wall2` and `peerWall2`
// are wall seconds at two threads. `bound` is the ratio that issue 6 asks for. Compiled code: npm run build:lib first.
const CASES = {};

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !Object.hasOwn(CASES, name));
if (unknown.length > 0) {
  console.error(`There is no case ${unknown.join(', ')}. The cases are ${Object.keys(CASES).join(', ')}.`);
  process.exit(2);
}
for (const [name, run] of Object.entries(CASES))
  if (wanted.length === 0 || wanted.includes(name)) await run(name);
