/** A view on its own, for a value that can show itself in more than one way. */
import { DISPLAY, type MimeBundle } from '../../../common/host.js';
import type { ViewPayload } from '../../../common/views/payload.js';
import { showLive, type Draw } from '../live/show.js';
import type { Extent } from './extent.js';
import type { Value } from './value.js';

export class Picture<V extends Value = Value> {
  readonly payload: ViewPayload;

  /**
   * @param value what is drawn
   * @param name which of the value's views this is
   * @param draw must not hold on to the value: it is kept by those who may draw the value again while it lives
   */
  constructor(
    private readonly value: V,
    private readonly name: string,
    private readonly draw: (value: V, extent: Extent) => ViewPayload
  ) {
    this.payload = draw(value, 'some');
  }

  async [DISPLAY](): Promise<MimeBundle> {
    return showLive(this.value, this.name, this.draw as Draw);
  }

  toString(): string {
    return `Picture: ${this.payload.title}`;
  }
}
