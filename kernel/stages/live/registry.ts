/**
 * Which values stand behind the views of a page, by the key that their payloads carry. The values shown last are held
 * so that their views go on living; older ones live on as long as a variable of the notebook holds them, and no longer.
 * Draws nothing and answers nobody.
 */
import type { ViewPayload } from '../../../common/views/payload.js';
import type { Extent } from '../values/extent.js';
import type { Value } from '../values/value.js';

export type Draw = (value: Value, extent: Extent) => ViewPayload;

export interface LiveView {
  readonly key: string;
  readonly value: Value;
  readonly draw: Draw;
}

/** Most views whose values are held, and most rows of data behind them, the newest value's own aside. */
const HELD = 32;
const HELD_ROWS = 400_000;

const views = new Map<string, { value: WeakRef<Value>; draw: Draw }>();
/** In the order in which they were shown. */
const held = new Map<string, Value>();

const collected = new FinalizationRegistry<{ key: string; value: WeakRef<Value> }>(({ key, value }) => {
  // The same content made again has the same key: the view is the newer value's then.
  if (views.get(key)?.value === value) views.delete(key);
});

/** Makes the view known and returns its key. */
export function addView(value: Value, name: string, draw: Draw): string {
  const key = `${value.id}/${name}`;
  const weak = new WeakRef(value);
  views.set(key, { value: weak, draw });
  collected.register(value, { key, value: weak });
  hold(key, value);
  return key;
}

/** The view of this key, while its value lives. */
export function findView(key: string): LiveView | undefined {
  const found = views.get(key);
  const value = found?.value.deref();
  return found && value && { key, value, draw: found.draw };
}

function hold(key: string, value: Value): void {
  held.delete(key);
  held.set(key, value);
  const rows = (): number => {
    const datas = new Set([...held.values()].flatMap(each => each.told?.data ?? []));
    return [...datas].reduce((sum, data) => sum + data.length, 0);
  };
  while (held.size > 1 && (held.size > HELD || rows() > HELD_ROWS)) {
    held.delete(held.keys().next().value!);
  }
}
