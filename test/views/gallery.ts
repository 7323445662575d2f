/** Writes the PNG and the words of every sample view to a folder, to be looked at: `node lib/test/views/gallery.js [folder]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DARK } from '../../common/views/index.js';
import { renderPng, renderText } from '../../kernel/views/index.js';
import { samples } from './samples.js';

const folder = process.argv[2] ?? 'test-results/gallery';
mkdirSync(folder, { recursive: true });
for (const payload of samples()) {
  const began = performance.now();
  const png = renderPng(payload);
  const time = (performance.now() - began).toFixed(0);
  writeFileSync(join(folder, `${payload.kind}.png`), png);
  writeFileSync(join(folder, `${payload.kind}-dark.png`), renderPng(payload, { theme: DARK }));
  writeFileSync(join(folder, `${payload.kind}-narrow.png`), renderPng(payload, { width: 440 }));
  writeFileSync(join(folder, `${payload.kind}.txt`), renderText(payload) + '\n');
  console.log(`${payload.kind}: ${(png.length / 1024).toFixed(0)} KB in ${time} ms`);
}
