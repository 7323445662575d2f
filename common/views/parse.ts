/** The gate before drawing: nothing reaches a canvas that did not pass here. */
import { Value } from '@sinclair/typebox/value';
import { inconsistency } from './consistency.js';
import { PAYLOADS, type ViewPayload } from './payload.js';

/** The payload, checked in full, or a reason in words why it is not one. */
export function parsePayload(data: unknown): { payload: ViewPayload } | { reason: string } {
  const kind = (data as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(PAYLOADS, kind)) {
    // What is no name is not quoted: it may be nested deeper than any stack.
    const said = typeof kind === 'object' ? 'of an object' : JSON.stringify(kind)?.slice(0, 80);
    return { reason: `no view of ours draws kind ${said}` };
  }
  const schema = PAYLOADS[kind as keyof typeof PAYLOADS];
  const first = Value.Errors(schema, data).First();
  if (first) return { reason: `${first.path || '/'}: ${first.message}` };
  const reason = inconsistency(data as ViewPayload);
  return reason === undefined ? { payload: data as ViewPayload } : { reason };
}
