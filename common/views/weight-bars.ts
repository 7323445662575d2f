/** The distribution of weights in a dozen bars, for an edge that carries them. Numbers alone: no drawing. */
import type { DistributionPayload, ViewPayload } from './payload.js';

const BARS = 10;

type Panel = DistributionPayload['panels'][number];

/** The panel of the weights themselves, where there is one beside that of the ratio. */
function panelOf({ panels }: DistributionPayload): Panel {
  return panels.find(({ title }) => /weight/i.test(title)) ?? panels[0]!;
}

/** Heights from the least weight to the largest, the highest 1; undefined where the payload shows no weights. */
export function weightBars(payload: ViewPayload | undefined): readonly number[] | undefined {
  if (payload?.kind !== 'distribution') return undefined;
  const { series } = panelOf(payload);
  const heights = (series.find(({ role }) => role === 'source') ?? series[0])?.heights ?? [];
  if (heights.length === 0) return undefined;
  const bars = new Array<number>(Math.min(BARS, heights.length)).fill(0);
  heights.forEach((height, i) => {
    const at = Math.floor((i * bars.length) / heights.length);
    bars[at] = bars[at]! + height;
  });
  const most = Math.max(...bars);
  return most > 0 ? bars.map(bar => bar / most) : undefined;
}
