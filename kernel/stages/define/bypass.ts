/**
 * Leaving a stage out without taking it out: a parameter, so that the code says it and the cache knows it. What the
 * stage then gives is its own to say.
 */
import { Type, type TBoolean, type TOptional } from '@sinclair/typebox';

/** The parameter `bypass` of a stage that can be left out. @param description what the stage gives then */
export function bypassParameter(description: string): TOptional<TBoolean> {
  return Type.Optional(Type.Boolean({ default: false, description }));
}

/** Whether filled parameters ask for it. */
export function isBypassed(params: object): boolean {
  return (params as { bypass?: unknown }).bypass === true;
}
