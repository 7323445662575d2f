// Reading the names of a notebook of 500 cells, none like another, and of one of them edited: milliseconds against what
// nobody feels (100 ms for all, 5 ms for a keystroke). Called by `npm run bench -- dataflow`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataflowReader } from '../lib/common/dataflow/index.js';
import { ROOT } from '../scripts/setup/paths.mjs';

const CELLS = 500;
const ROUNDS = 7;

const median = times => [...times].sort((a, b) => a - b)[times.length >> 1];

/** The sample's code cells over and over, each with names of its own. */
async function cells(round) {
  const { cells: all } = JSON.parse(await readFile(join(ROOT, 'examples', 'pk-sample.ipynb'), 'utf8'));
  const sources = all.filter(cell => cell.cell_type === 'code').map(cell => [cell.source].flat().join(''));
  return Array.from({ length: CELLS }, (_, i) => {
    const source = sources[i % sources.length];
    const own = source.replace(/\b(const|let) (\w+)/g, `$1 $2_${round}_${i}`);
    return { id: `cell-${i}`, source: `${own}\nconst mark_${round}_${i} = ${i};` };
  });
}

function tell(name, ours, peer) {
  const line = {
    name: 'dataflow',
    case: name,
    ours,
    peer,
    peerName: `${peer} ms`,
    ratio: ours / peer,
    unit: 'ms'
  };
  console.log(JSON.stringify(line));
}

export async function tellAnalysis() {
  const whole = [];
  const edited = [];
  const rewired = [];
  for (let round = 0; round < ROUNDS; round++) {
    const notebook = await cells(round);
    const reader = new DataflowReader();
    let started = performance.now();
    reader.read(notebook);
    whole.push(performance.now() - started);
    const at = 17 * (round + 1);
    const next = notebook.map((cell, i) =>
      i === at ? { ...cell, source: `${cell.source} // ${round}` } : cell
    );
    started = performance.now();
    reader.read(next);
    edited.push(performance.now() - started);
    // A cell makes a name more, which another reads: its edges are found anew, and the order of all.
    const named = next.map((cell, i) =>
      i === at
        ? { ...cell, source: `${cell.source}\nconst more_${round} = 1;` }
        : i === at + 5
          ? { ...cell, source: `${cell.source}\nmore_${round};` }
          : cell
    );
    started = performance.now();
    reader.read(named);
    rewired.push(performance.now() - started);
  }
  tell('analysis-500-first', whole[0], 100);
  tell('analysis-500', median(whole.slice(1)), 100);
  tell('analysis-edit', median(edited.slice(1)), 5);
  tell('analysis-edit-edges', median(rewired.slice(1)), 5);
}
