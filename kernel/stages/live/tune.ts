/** What a payload says of the live view behind it: its key, and the parameters that may be tried. */
import type { Live } from '../../../common/views/payload.js';
import type { Value } from '../values/value.js';

export function liveOf(key: string, { tuning }: Value): Live {
  if (!tuning) return { key };
  const { stage, params, names } = tuning;
  return { key, tune: { stage, params: { ...params }, names: [...names] } };
}
