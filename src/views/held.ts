/** Which rows of Data a payload draws, and what they have on an axis. Reads payloads; draws nothing. */
import { SAVED_ROWS, unpackNumbers, type Rows, type ViewPayload } from '../../common/views/index.js';

/** The rows behind what can be selected in the view, if any. */
export function rowsOf(payload: ViewPayload): Rows | undefined {
  if (payload.kind === 'embedding') return payload.rows;
  if (payload.kind !== 'distribution') return undefined;
  return payload.tube?.rows ?? payload.panels.find(panel => panel.points)?.points?.rows;
}

const unpacked = new WeakMap<object, Float32Array>();

function numbers(packed: Parameters<typeof unpackNumbers>[0]): Float32Array {
  let values = unpacked.get(packed);
  if (!values) unpacked.set(packed, (values = unpackNumbers(packed)));
  return values;
}

const places = new WeakMap<ViewPayload, Float32Array>();

/** Numbers in Data of the rows that the view draws; their places in an embedding that does not tell the numbers. */
export function indexOf(payload: ViewPayload): Float32Array {
  const rows = rowsOf(payload);
  if (rows) return numbers(rows.index);
  if (payload.kind !== 'embedding') return new Float32Array();
  let own = places.get(payload);
  if (!own) places.set(payload, (own = Float32Array.from({ length: payload.shown }, (_, i) => i)));
  return own;
}

/** Rows of Data whose value on a panel's axis lies in the range. */
export function rowsWithin(payload: ViewPayload, panel: number, from: number, to: number): number[] {
  const points = payload.kind === 'distribution' ? payload.panels[panel]?.points : undefined;
  if (!points) return [];
  const values = numbers(points.values);
  const index = numbers(points.rows.index);
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    // Packed numbers are float32: the range's ends are, too, or the outermost rows would be missed.
    if (values[i]! >= Math.fround(from) && values[i]! <= Math.fround(to)) found.push(index[i]!);
  }
  return found;
}

/** What the payload itself says of its rows: text and place by number in Data. */
export function savedTexts(payload: ViewPayload): Map<number, { row: number; text: string; place: string }> {
  const part =
    payload.kind === 'embedding' ? payload : payload.kind === 'distribution' ? payload.tube : undefined;
  const texts = new Map<number, { row: number; text: string; place: string }>();
  if (!part || part.text.length === 0) return texts;
  indexOf(payload).forEach((row, i) =>
    texts.set(row, { row, text: part.text[i] ?? '', place: part.place[i] ?? '' })
  );
  return texts;
}

/** Whether a live kernel may have rows that the saved payload leaves out. */
export function isSample(payload: ViewPayload): boolean {
  if (payload.kind === 'embedding') return payload.shown < payload.n;
  if (payload.kind !== 'distribution') return false;
  const { tube, panels } = payload;
  return (
    (tube !== undefined && tube.x.length < tube.n) ||
    panels.some(({ points }) => points !== undefined && points.values.length >= SAVED_ROWS)
  );
}

/** Rows in all, drawn or not, as far as the payload tells. */
export function rowsInAll(payload: ViewPayload): number {
  if (payload.kind === 'embedding') return payload.n;
  return payload.kind === 'distribution' ? (payload.tube?.n ?? indexOf(payload).length) : 0;
}
