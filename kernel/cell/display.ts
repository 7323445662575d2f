/** A value as Jupyter shows it: its own rich display when it has one, else as Node's console prints it. */
import { inspect } from 'node:util';
import { DISPLAY, METADATA, type MimeBundle } from '../../common/host.js';

/** As the messaging protocol has it. */
const MIME = /^[\w+.-]+\/[\w+.-]+$/;

function isBundle(value: unknown): value is MimeBundle {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): MimeBundle {
  return { 'text/plain': inspect(value) };
}

/**
 * @param complain - told when a value's own display fails; the value is then shown as text.
 */
export async function toBundle(value: unknown, complain: (error: unknown) => void): Promise<MimeBundle> {
  try {
    const method = (value as Record<symbol, unknown> | null | undefined)?.[DISPLAY];
    if (typeof method !== 'function') return asText(value);
    const bundle: unknown = await (method as () => unknown).call(value);
    if (!isBundle(bundle))
      throw new TypeError('[Symbol.for("Jupyter.display")]() did not return a mime bundle');
    const wrong = Object.keys(bundle).find(key => !MIME.test(key));
    if (wrong !== undefined)
      throw new TypeError(`[Symbol.for("Jupyter.display")]() returned "${wrong}", which is no mime type`);
    // Bytes travel as base64, as in every notebook file.
    const entries = Object.entries(bundle).map(([mime, content]) => [
      mime,
      content instanceof Uint8Array ? Buffer.from(content).toString('base64') : content
    ]);
    const out = Object.fromEntries(entries) as MimeBundle;
    if (bundle[METADATA]) out[METADATA] = bundle[METADATA];
    return 'text/plain' in out ? out : { ...out, ...asText(value) };
  } catch (error) {
    complain(error);
    return asText(value);
  }
}
