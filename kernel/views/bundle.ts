/** A view payload as Jupyter shows it: our own mime type, a picture, and words. */
import { METADATA, type MimeBundle } from '../../common/host.js';
import { DataError } from '../../common/errors.js';
import { describeView, MIME, parsePayload, type ViewPayload } from '../../common/views/index.js';
import { PNG_WIDTH, renderPng } from './png.js';

/** The payload in words, for a terminal and for screen readers. */
export function renderText(payload: ViewPayload): string {
  return describeView(payload);
}

/**
 * The payload under our mime type, `image/png` (base64) and `text/plain`.
 * @throws DataError when the payload is not one that the browser would draw: better here, where the cell can
 * still be mended, than as a complaint in every reader's notebook.
 */
export function bundle(payload: ViewPayload): MimeBundle {
  const parsed = parsePayload(payload);
  if ('reason' in parsed) {
    throw new DataError(`The view "${payload.kind}" cannot be shown: ${parsed.reason}.`);
  }
  const png = renderPng(parsed.payload);
  const words = renderText(parsed.payload);
  return {
    [MIME]: parsed.payload,
    'image/png': Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64'),
    'text/plain': words,
    // The picture has twice as many pixels; its words serve those who cannot see it.
    [METADATA]: { 'image/png': { width: PNG_WIDTH, alt: words.split('\n', 2).join(': ') } }
  };
}
