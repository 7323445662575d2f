/**
 * Views as they would be with other parameters. Nothing is kept: the value that a probe makes is drawn and forgotten.
 * One probe of a view runs at a time; a newer one ends it.
 */
import type { ViewAnswer } from '../../../common/live.js';
import type { LiveView } from './registry.js';
import { liveOf } from './tune.js';

const running = new Map<string, AbortController>();

export async function probeView(
  { key, value, draw }: LiveView,
  changes: Record<string, unknown>
): Promise<ViewAnswer> {
  const { tuning } = value;
  if (!tuning) return { status: 'error', message: 'This view has no parameters that could be tried.' };
  const fixed = Object.keys(changes).find(name => name in tuning.params && !tuning.names.includes(name));
  if (fixed !== undefined) {
    const message = `${tuning.stage}: ${fixed} cannot be tried in a view, only ${tuning.names.join(', ')}. Change it in the cell.`;
    return { status: 'error', message };
  }
  running.get(key)?.abort();
  const abort = new AbortController();
  running.set(key, abort);
  const begun = performance.now();
  try {
    const tried = await tuning.probe(changes, abort.signal);
    if (abort.signal.aborted) return { status: 'superseded' };
    const payload = { ...draw(tried, 'some'), live: liveOf(key, tried) };
    return { status: 'ok', payload, seconds: (performance.now() - begun) / 1000 };
  } catch (error) {
    if (abort.signal.aborted) return { status: 'superseded' };
    return { status: 'error', message: error instanceof Error ? error.message : String(error) };
  } finally {
    if (running.get(key) === abort) running.delete(key);
  }
}
