/** Learning-rate schedules, computed by the host and fed at each step. No graph here. */

export interface Schedule {
  kind: 'constant' | 'linear' | 'cosine';
  /** Share of all steps over which the rate rises from 0. Default 0. */
  warmUp?: number;
  /** Share of the peak rate that is left at the last step. Default 0. */
  floor?: number;
}

/**
 * Rate at `step` (0-based) of `steps`: rises linearly to `peak` over the warm-up, whose first step is above
 * zero, then stays, or falls to `floor * peak` linearly or along half a cosine.
 */
export function learningRate(schedule: Schedule, peak: number, step: number, steps: number): number {
  const { warmUp = 0, floor = 0 } = schedule;
  const rising = Math.round(warmUp * steps);
  if (step < rising) return (peak * (step + 1)) / rising;
  if (schedule.kind === 'constant') return peak;
  const done = Math.min(1, (step - rising) / Math.max(1, steps - rising));
  const left = schedule.kind === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
  return peak * (floor + (1 - floor) * left);
}
