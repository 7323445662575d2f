/** The report of a self-check: what was found wrong first, then each part with its plots and its table. */
import { LEVEL, type Cell, type Check, type Measured } from './cell.js';
import { plot } from './plot.js';

/** What a cell left behind, as it is written to its file. */
export interface Measurement {
  id: string;
  repeats: number;
  measured: Measured;
  /** Of one thread. */
  seconds: number;
}

export interface CellResult extends Measurement {
  part: string;
  checks: Check[];
}

/** A measurement with what its cell says of it. */
export function judged(measurement: Measurement, cells: readonly Cell[]): CellResult {
  const cell = cells.find(({ id }) => id === measurement.id);
  if (!cell) throw new Error(`There is no cell "${measurement.id}".`);
  return { ...measurement, part: cell.part, checks: cell.judge(measurement.measured, measurement.repeats) };
}

/** part -> its heading, and what it shows. */
const PARTS: Record<string, [title: string, words: string]> = {
  coverage: [
    'Theorem 1B with the true ratio',
    'A Gaussian shift whose true ratio is known (theory.md 8a): the bound on the target risk and on the change of risk ' +
      'must fall below the truth no more often than delta = 0.05, whatever the sign of the shift, also when rows come in ' +
      'papers of 1 to 5 that share half of their variance. Cap, centre and first variance come from a fold C of the same ' +
      'size. Truths are means over 1,000,000 fresh rows, those of the tilt over 400,000.'
  ],
  improvement: [
    'Improvements that are none',
    'A worse head, an exact tie, and a tie whose rare large losses lie where the source has next to no rows: "improved" ' +
      'may be claimed no more often than delta. Beside it, papers of very different size: the paper is the unit.'
  ],
  betting: [
    'The betting bound by itself',
    'Bounded laws that are hard for it, with a good and a bad first variance (errata.md E11).'
  ],
  'closed forms': [
    'Closed forms',
    'E kappa and E kappa d under Gaussian noise (2b), the mean and variance of a similarity tilt (2.3), E w = 1 and chi-square ' +
      'of every simulated law, and the certified lower bound of chi-square (errata.md E12).'
  ],
  ratio: [
    'Density ratios',
    'NMSE of fitted ratios, E(w - omega)^2 / chi^2 with both scaled to mean 1, on the scenarios of 8(b) with 1000 source and ' +
      "700 target rows. Other random numbers than the reference's, so that means are compared."
  ],
  manifold: [
    'The manifold',
    'Mean distance against theorem 2a, the RMS error of denoised rows over that of noisy ones, and the votes on the dimension (8c).'
  ],
  flags: [
    'Off-manifold flags',
    'Conformal p-values with a trusted reference and Benjamini and Hochberg at q = 0.1 (8d), in the settings that errata.md ' +
      'leaves valid: the share of false discoveries is at most q on average.'
  ],
  hybrid: [
    'Clean, ratio, product',
    'A torus with foreign rows of flipped labels near the target (8e): weights estimated throughout. The hybrid arm is to be ' +
      'within .01 of the oracle, and theorem 1B with the clean weight inside is to hold.'
  ]
};

/** plot -> part, title, axis */
const PLOTS: Record<string, [part: string, title: string, axis: string]> = {
  misses: ['coverage', 'Share of repeats in which the bound missed the truth', 'share of repeats'],
  bounds: ['coverage', 'Mean bound beside the reference (rows independent)', 'mean bound'],
  'false improvements': [
    'improvement',
    'Share of repeats that claimed a false improvement',
    'share of repeats'
  ],
  ratios: ['ratio', 'NMSE of fitted ratios', 'NMSE (1: no better than w = 1)'],
  gain: [
    'manifold',
    'Error of denoised rows, as a share of the noise',
    'RMS error after denoising, over that before'
  ],
  flags: ['flags', 'Share of false discoveries', 'mean over repeats'],
  hybrid: ['hybrid', 'Target risk of the arms', '0-1 risk on the target']
};

export interface Report {
  /** Markdown. */
  text: string;
  /** File name -> SVG. */
  plots: Record<string, string>;
  wrong: Check[];
  checks: number;
}

/** @param about lines on how the run was made; @param folder of the plots, from where the report lies */
export function report(results: readonly CellResult[], about: readonly string[], folder: string): Report {
  const all = results.flatMap(result => result.checks);
  const wrong = all.filter(check => !check.fine);
  const plots: Record<string, string> = {};
  const lines = [
    '# Self-check',
    '',
    'What `npm run selfcheck` measured on data whose truth is known, with the code of `kernel/theory`. It draws the data of ' +
      '[theory.md](theory/theory.md) section 8, and compares what comes out with closed forms, with the rates that the ' +
      'theorems promise, and with the mended reference (`test/reference`, `test/golden/section8.json`).',
    '',
    `Rates are tested by exact binomial tests and means by their standard errors (Student), each at a level of ${LEVEL}.`,
    '',
    ...about.map(line => `- ${line}`),
    '',
    `**${all.length - wrong.length} of ${all.length} checks are consistent.**`,
    ''
  ];
  if (wrong.length > 0) lines.push('## Inconsistent', '', ...table(wrong), '');
  for (const [part, [title, words]] of Object.entries(PARTS)) {
    const own = results.filter(result => result.part === part);
    if (own.length === 0) continue;
    lines.push(`## ${title}`, '', words, '', repeatsOf(own), '');
    for (const [name, [of, heading, axis]] of Object.entries(PLOTS)) {
      if (of !== part) continue;
      const svg = plot(
        heading,
        axis,
        own.flatMap(result => result.checks).filter(check => check.plot === name)
      );
      if (!svg) continue;
      const file = `selfcheck-${name.replace(/ /g, '-')}.svg`;
      plots[file] = svg;
      lines.push(`![${heading}](${folder}${file})`, '');
    }
    lines.push(
      '<details><summary>All checks of this part</summary>',
      '',
      ...table(own.flatMap(result => result.checks)),
      '',
      '</details>',
      ''
    );
  }
  return { text: lines.join('\n'), plots, wrong, checks: all.length };
}

function repeatsOf(results: readonly CellResult[]): string {
  const counts = [...new Set(results.map(result => result.repeats))].sort((a, b) => a - b);
  const cpu = results.reduce((sum, result) => sum + result.seconds, 0);
  return `${results.length} ${results.length === 1 ? 'cell' : 'cells'}, ${counts.join(' or ')} repeats each; ${cpu.toFixed(0)} s of one thread.`;
}

function table(checks: readonly Check[]): string[] {
  return [
    '| | check | measured | expected |',
    '| --- | --- | --- | --- |',
    ...checks.map(
      ({ fine, what, measured, expected }) => `| ${fine ? '✓' : '✗'} | ${what} | ${measured} | ${expected} |`
    )
  ];
}
