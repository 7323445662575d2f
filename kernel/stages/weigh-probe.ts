/**
 * weigh with other parameters, for a view: another cap is applied to the ratio that was fitted, another method or rank
 * is fitted again. Folds F and C alone. The stage itself is weigh.ts.
 */
import { CHI_SQUARE, type WeighMethod, type WeighOutput } from '../engine/index.js';
import { capAndGate, type Pca } from '../theory/index.js';
import { Fits } from './live/fits.js';
import { runProbe } from './live/probe-engine.js';
import { subsetOf, type Subset } from './live/subset.js';
import type { Preview } from './values/extent.js';
import { SAVED_ROWS } from '../../common/views/payload.js';
import type { Space } from './values/space.js';
import type { Weights } from './values/weights.js';
import { certifyingPapers, weighedRows, weightsOf, type WeighedRows } from './weigh-rows.js';

interface Settings {
  method: WeighMethod;
  alpha: number;
  rank: number;
  cap: number | null;
  seed: number;
}

/** What was fitted, its columns over Data. */
interface Fitted {
  output: Omit<WeighOutput, 'pca'>;
  preview?: Preview;
}

interface Known {
  fits: Fits<Fitted>;
  /** Components that any rank is cut from. */
  pca?: Pca;
}

/** Fits of this many parameters are kept beside the value's own. */
const MOST_FITS = 8;

const known = new WeakMap<Weights, Known>();

const fitKey = ({ method, alpha, rank, seed }: Settings): string => `${method} ${alpha} ${rank} ${seed}`;

/** Keeps what the stage computed for the probes of its value. */
export function rememberWeights(value: Weights, params: Settings, output: WeighOutput): void {
  // Probes of large data fit on a part of it: components of all of it serve them nothing.
  const whole = value.openRows().length <= SAVED_ROWS;
  const fits = new Fits<Fitted>(MOST_FITS);
  fits.add(fitKey(params), { output });
  known.set(value, { fits, pca: whole ? output.pca : undefined });
}

/** The same for a value that was read from the cache: what it holds is what was fitted, all but the components. */
export function rememberRead(value: Weights, params: Settings): void {
  if (known.has(value)) return;
  const fits = new Fits<Fitted>(MOST_FITS);
  const { columns, summary } = value;
  const { table, facts, warnings } = summary;
  fits.add(fitKey(params), {
    output: { ...columns, ...summary, table: [...table], facts: [...facts], warnings: [...warnings] }
  });
  known.set(value, { fits });
}

function among({ source, target }: WeighedRows, keep: (rows: readonly number[]) => number[]): WeighedRows {
  return {
    source: { F: keep(source.F), C: keep(source.C) },
    target: { F: keep(target.F), C: keep(target.C) }
  };
}

/** The ratio with another cap: what follows the fit, in the kernel itself. */
function capped(made: Weights, params: Settings, { output, preview }: Fitted): Weights {
  const { data } = made.clean.space;
  const uniform = output.method === 'uniform';
  const drawn = preview && new Set(preview.rows);
  const rows = among(weighedRows(data), all => all.filter(row => drawn?.has(row) ?? true));
  const { chiSquare, ...weights } = capAndGate({
    ...rows,
    ...certifyingPapers(data),
    ratio: output.ratio,
    kappa: made.clean.columns.kappa,
    papers: data.paper,
    cap: params.cap,
    uniform
  });
  const facts = output.facts.map(fact =>
    fact.name === CHI_SQUARE && chiSquare ? { ...fact, number: chiSquare } : fact
  );
  return weightsOf(made.clean, { ...output, ...weights, facts }, preview);
}

async function refit(
  made: Weights,
  params: Settings,
  subset: Subset,
  pca: Pca | undefined,
  signal: AbortSignal
): Promise<Fitted & { pca: Pca }> {
  const { data, dimension }: Space = made.clean.space;
  const output = await runProbe(
    'weigh',
    {
      vectors: subset.vectors,
      dimension,
      papers: subset.papers,
      kappa: subset.take(made.clean.columns.kappa),
      ...among(weighedRows(data), subset.within),
      ...certifyingPapers(data),
      method: params.method,
      alpha: params.alpha,
      texts: params.method === 'string' ? subset.rows.map(row => data.text[row]!) : undefined,
      maxRank: params.rank,
      cap: params.cap,
      seed: params.seed,
      pca
    },
    { signal }
  );
  const columns = {
    ratio: subset.spread(output.ratio),
    train: subset.spread(output.train),
    certify: subset.spread(output.certify)
  };
  return { output: { ...output, ...columns }, preview: subset.preview, pca: output.pca };
}

export async function probeWeights(made: Weights, params: Settings, signal: AbortSignal): Promise<Weights> {
  const memory: Known = known.get(made) ?? { fits: new Fits(MOST_FITS) };
  known.set(made, memory);
  let fitted = memory.fits.get(fitKey(params));
  if (!fitted) {
    const result = await refit(made, params, subsetOf(made.clean.space), memory.pca, signal);
    memory.pca = result.pca;
    fitted = { output: result.output, preview: result.preview };
    memory.fits.add(fitKey(params), fitted);
  }
  return capped(made, params, fitted);
}
