/** A view on its own, for a value that can show itself in more than one way. */
import { DISPLAY, type MimeBundle } from '../../../common/host.js';
import type { ViewPayload } from '../../../common/views/payload.js';
import { bundle } from '../../views/index.js';

export class Picture {
  constructor(readonly payload: ViewPayload) {}

  async [DISPLAY](): Promise<MimeBundle> {
    return bundle(this.payload);
  }

  toString(): string {
    return `Picture: ${this.payload.title}`;
  }
}
