/** Curves of training as a view: of a model that is trained, and of one that is being trained. */
import type { Fact, TrainingPayload } from '../../../common/views/payload.js';

export interface CurvePoint {
  readonly epoch: number;
  readonly step: number;
  /** Mean weighted loss over the epoch's steps, fold F. */
  readonly train: number;
  /** Weighted loss on fold C, by which the kept epoch is chosen. */
  readonly choose: number;
}

type Curve = TrainingPayload['curves'][number];

/** Most points of a curve that is still growing, and of one that is saved. */
export const MOST_GROWING = 300;
export const MOST_SAVED = 1000;

/** Points evenly taken, the first and the last among them. */
export function thinned<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  const last = points.length - 1;
  return Array.from({ length: most }, (_, k) => points[Math.round((k * last) / (most - 1))]!);
}

export function curveOf(
  name: string,
  fold: 'F' | 'C',
  curves: readonly CurvePoint[],
  most: number = MOST_GROWING
): Curve {
  const points = thinned(curves, most);
  return {
    name,
    fold,
    x: points.map(point => point.epoch),
    y: points.map(point => (fold === 'F' ? point.train : point.choose))
  };
}

/** The epoch with the lowest loss on fold C, the earliest of equals. */
export function bestOf(curves: readonly CurvePoint[]): CurvePoint | undefined {
  return curves.reduce<CurvePoint | undefined>(
    (best, point) => (best && best.choose <= point.choose ? best : point),
    undefined
  );
}

export function trainingView(parts: {
  subtitle: string;
  facts: Fact[];
  curves: Curve[];
  kept?: TrainingPayload['kept'];
}): TrainingPayload {
  return {
    kind: 'training',
    version: 1,
    title: 'Training',
    note: 'anything about folds V and U. No curve can spend them.',
    xLabel: 'epoch',
    yLabel: 'weighted cross entropy',
    ...parts
  };
}

/** One training as it goes on. */
export function growingView(subtitle: string, most: number, curves: readonly CurvePoint[]): TrainingPayload {
  const best = bestOf(curves);
  return trainingView({
    subtitle,
    facts: [
      { name: 'epochs', text: `${curves.length} of at most ${most}` },
      ...(best
        ? [
            {
              name: 'lowest loss, fold C',
              number: { value: best.choose, label: 'ESTIMATED' as const, fold: 'C' }
            }
          ]
        : [])
    ],
    curves: [curveOf('fold F', 'F', curves), curveOf('fold C', 'C', curves)],
    kept: best && { x: best.epoch, y: best.choose, label: 'lowest on fold C so far' }
  });
}
