/** A labelled number as a payload carries it: JSON has no infinity, and a view writes "none" for null. */
import type { Static } from '@sinclair/typebox';
import type { LabelledNumber } from '../../../common/labels.js';
import type { Labelled } from '../../../common/views/payload.js';

export function shown(number: LabelledNumber): Static<typeof Labelled> {
  return { ...number, value: Number.isFinite(number.value) ? number.value : null };
}
