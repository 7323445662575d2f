import { percent } from './numbers.js';
import type { EmbeddingAxis } from './payload.js';
import { clean } from './pen.js';

/** The axis, and the share of the variance that it keeps where it is a principal component. */
export function axisName({ label, share }: EmbeddingAxis): string {
  return share === undefined ? clean(label) : `${clean(label)} (${percent(share)})`;
}
