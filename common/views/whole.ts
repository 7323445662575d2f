/**
 * Payloads whose numbers travel beside them as bytes: all rows of a view, where its saved payload has a sample. Which
 * numbers these are, and in which order, is decided here for both ends. Sends nothing and checks no meaning: what is
 * put together goes through `parsePayload` like any other.
 */
import { bytesOf, heldCodes, heldNumbers } from './pack.js';
import type { Codes, Packed, Rows, ViewPayload } from './payload.js';

type Change = <P extends Packed | Codes>(packed: P) => P;

function rowsWith(rows: Rows, change: Change): Rows {
  return { ...rows, index: change(rows.index) };
}

/** A copy of the payload in which every packed column is what `change` makes of it, called in a fixed order. */
function mapPacked(payload: ViewPayload, change: Change): ViewPayload {
  if (payload.kind === 'embedding') {
    return {
      ...payload,
      x: change(payload.x),
      y: change(payload.y),
      domain: change(payload.domain),
      ...(payload.flagged ? { flagged: change(payload.flagged) } : {}),
      columns: payload.columns.map(column =>
        'scale' in column
          ? { ...column, values: change(column.values) }
          : { ...column, values: change(column.values) }
      ),
      ...(payload.rows ? { rows: rowsWith(payload.rows, change) } : {})
    };
  }
  if (payload.kind !== 'distribution') return payload;
  const panels = payload.panels.map(panel => {
    const { points } = panel;
    if (!points) return panel;
    const { values, series, rows } = points;
    return {
      ...panel,
      points: { values: change(values), series: change(series), rows: rowsWith(rows, change) }
    };
  });
  const { tube } = payload;
  if (!tube) return { ...payload, panels };
  return {
    ...payload,
    panels,
    tube: {
      ...tube,
      x: change(tube.x),
      y: change(tube.y),
      domain: change(tube.domain),
      flagged: change(tube.flagged),
      rows: rowsWith(tube.rows, change)
    }
  };
}

/** The payload with its packed columns emptied, and these as bytes: float32 little-endian, or one code a byte. */
export function takeApart(payload: ViewPayload): { payload: ViewPayload; buffers: Uint8Array[] } {
  const buffers: Uint8Array[] = [];
  const bare = mapPacked(payload, packed => {
    buffers.push(bytesOf(packed));
    return { ...packed, data: '' };
  });
  return { payload: bare, buffers };
}

/**
 * The payload again, its columns in memory without ever having been base64.
 * @throws RangeError when a buffer is missing or does not hold what its column claims
 */
export function putTogether(payload: ViewPayload, buffers: readonly ArrayBuffer[]): ViewPayload {
  let next = 0;
  return mapPacked(payload, packed => {
    const buffer = buffers[next++];
    const bytes = packed.length * (packed.type === 'codes' ? 1 : 4);
    if (buffer?.byteLength !== bytes)
      throw new RangeError(`column ${next}: ${buffer?.byteLength ?? 'no'} bytes instead of ${bytes}`);
    return packed.type === 'codes'
      ? heldCodes(packed, new Uint8Array(buffer))
      : heldNumbers(packed, new Float32Array(buffer));
  });
}
