/**
 * A view as a cell's output. Inside a kernel it carries the key by which the front end can ask for more of it; in a
 * plain program it is the picture alone.
 */
import { currentHost, type MimeBundle } from '../../../common/host.js';
import type { Live, ViewPayload } from '../../../common/views/payload.js';
import { bundle } from '../../views/index.js';
import type { Extent } from '../values/extent.js';
import type { Value } from '../values/value.js';
import { answerLiveViews } from './answer.js';
import { addView, type Draw } from './registry.js';
import { liveOf } from './tune.js';

export type { Draw } from './registry.js';

/**
 * Shows the view `name` of the value.
 * @param draw must not hold on to the value: it is kept beyond the value's life
 */
export function showLive<V extends Value>(
  value: V,
  name: string,
  draw: (value: V, extent: Extent) => ViewPayload
): MimeBundle {
  const payload = draw(value, 'some');
  if (!currentHost()) return bundle(payload);
  answerLiveViews();
  const live: Live = liveOf(addView(value, name, draw as Draw), value);
  return bundle({ ...payload, live });
}
