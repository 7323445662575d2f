/** Where on a slider a number stands: evenly, or by factors where a range spans decades. Draws nothing. */
import type { JsonSchema } from '../../common/stagecell/index.js';

/** Positions of a slider. */
export const STEPS = 400;

/** What lies further apart than this is told by factors. */
const DECADES = 50;

export interface Scale {
  /** Position in [0, STEPS]. */
  at(value: number): number;
  value(at: number): number;
  /** The next number up or down that a person would set. */
  step(value: number, steps: number): number;
}

/** Two digits of it, as a person would write it. */
const brief = (value: number): number => Number(value.toPrecision(2));

/** The size of a number's second digit: 0.01 for 0.35. */
const digit = (value: number): number => 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);

/** Undefined for a number without an end, which has no slider. */
export function scaleOf(schema: JsonSchema): Scale | undefined {
  const number = (name: string): number | undefined => schema[name] as number | undefined;
  const whole = schema['type'] === 'integer';
  const above = number('exclusiveMinimum');
  const end = number('maximum') ?? number('exclusiveMaximum');
  const usual = Math.abs(number('default') ?? 0);
  if (end === undefined || (number('minimum') ?? above) === undefined) return undefined;
  // What must be above 0 begins where it starts to matter; smaller numbers can be typed.
  const low = number('minimum') ?? (above === 0 ? (usual || Math.min(100, end)) / 1000 : above!);
  const clip = (value: number): number => Math.min(end, Math.max(low, value));
  const round = (value: number): number => (whole ? Math.round(value) : clip(brief(value)));
  const step = (value: number, steps: number): number => {
    const size = whole ? 1 : digit(value === 0 ? (end - low) / 10 : value);
    const next = Number((value + steps * size).toPrecision(12));
    const under = next < low || (number('exclusiveMaximum') !== undefined && next >= end);
    return under || next > end ? value : next;
  };
  const byFactor = low > 0 && end / low > DECADES;
  // From 0 on, factors begin where the numbers that are used lie.
  const knee = usual > 0 ? usual : end / 100;
  const bent = low === 0 && end / knee > DECADES;
  const share = (value: number): number => {
    if (byFactor) return Math.log(value / low) / Math.log(end / low);
    if (bent) return Math.log1p(value / knee) / Math.log1p(end / knee);
    return (value - low) / (end - low || 1);
  };
  const back = (part: number): number => {
    if (byFactor) return low * (end / low) ** part;
    if (bent) return knee * Math.expm1(part * Math.log1p(end / knee));
    return low + (end - low) * part;
  };
  const exclusive = number('exclusiveMaximum') !== undefined;
  return {
    at: value => STEPS * share(clip(value)),
    value: at => {
      const value = round(back(at / STEPS));
      return exclusive && value >= end ? step(end, -1) : value;
    },
    step
  };
}
