/**
 * Known manifolds with noise and outliers: the data of theory.md 8(c) and 8(d). Each shape lies in its first few of d
 * coordinates; noise is isotropic, so that no rotation would change an answer. The clean point and the true distance
 * of every row are ORACLE.
 */
import { DataError } from '../../../common/errors.js';
import { matrix, rowOf, type Matrix } from '../matrix.js';
import { Random } from '../../../common/random.js';

export const SHAPES = ['circle', 'sphere', 'torus', 'swiss', 'sphere5'] as const;
export type Shape = (typeof SHAPES)[number];

export const OUTLIERS = ['noise', 'inside', 'global', 'cluster'] as const;
/**
 * noise: the noise of a row at three times its size; inside: within the shape, off it; global: isotropic, of the
 * shape's own size; cluster: all close to one point off the shape.
 */
export type OutlierKind = (typeof OUTLIERS)[number];

export interface ManifoldSpec {
  shape: Shape;
  /** Rows. */
  n: number;
  /** Ambient dimension. */
  d: number;
  /** Standard deviation of the noise in each coordinate. */
  sigma: number;
  seed: number;
  outliers?: { kind: OutlierKind; share: number };
}

export interface ManifoldSample {
  /** [n, d] with noise. */
  x: Matrix;
  /** [n, d] on the shape; for an outlier the point that it was made from. */
  clean: Matrix;
  /** True distance of each noisy row to the shape. */
  distance: Float64Array;
  /** 1 where the row is an outlier. */
  outlier: Uint8Array;
}

interface Geometry {
  /** Intrinsic dimension m. */
  dimension: number;
  /** Coordinates that the shape fills. */
  coordinates: number;
  reach: number;
  /** Whether the shape has an edge: then theorem 2a's refined form does not hold (errata.md C). */
  boundary: boolean;
  /** A point, uniform in its parameters. */
  draw(random: Random): number[];
  /** Distance within the shape's own coordinates. */
  distance(point: Float64Array): number;
}

const TWO_PI = 2 * Math.PI;

function roundSphere(coordinates: number): Geometry {
  return {
    dimension: coordinates - 1,
    coordinates,
    reach: 1,
    boundary: false,
    draw(random) {
      const u = Array.from({ length: coordinates }, () => random.normal());
      const norm = Math.hypot(...u);
      return u.map(value => value / norm);
    },
    distance: point => Math.abs(Math.hypot(...point) - 1)
  };
}

/** Points of the roll's spiral, for its distance: spaced closer than any noise that is drawn here. */
const SPIRAL = Array.from({ length: 6000 }, (_, i) => {
  const t = 1.5 * Math.PI * (1 + (2 * i) / 5999);
  return [(t * Math.cos(t)) / 7, (t * Math.sin(t)) / 7] as const;
});

const GEOMETRY: Record<Shape, Geometry> = {
  circle: roundSphere(2),
  sphere: roundSphere(3),
  sphere5: roundSphere(6),
  // Two unit circles: a flat torus of reach 1.
  torus: {
    dimension: 2,
    coordinates: 4,
    reach: 1,
    boundary: false,
    draw(random) {
      const [a, b] = [TWO_PI * random.uniform(), TWO_PI * random.uniform()];
      return [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
    },
    distance: ([a, b, c, e]) => Math.hypot(Math.hypot(a, b) - 1, Math.hypot(c, e) - 1)
  },
  // Half the gap between two turns is its reach.
  swiss: {
    dimension: 2,
    coordinates: 3,
    reach: 0.45,
    boundary: true,
    draw(random) {
      const t = 1.5 * Math.PI * (1 + 2 * random.uniform());
      return [(t * Math.cos(t)) / 7, 3 * random.uniform(), (t * Math.sin(t)) / 7];
    },
    distance([a, height, b]) {
      let least = Infinity;
      for (const [p, q] of SPIRAL) least = Math.min(least, (a - p) ** 2 + (b - q) ** 2);
      return Math.hypot(Math.sqrt(least), Math.max(-height, height - 3, 0));
    }
  }
};

/** What is known of a shape: m, reach, whether it has an edge, and how many coordinates it fills. */
export function shapeFacts(shape: Shape): Pick<Geometry, 'dimension' | 'coordinates' | 'reach' | 'boundary'> {
  const { dimension, coordinates, reach, boundary } = geometryOf(shape);
  return { dimension, coordinates, reach, boundary };
}

function geometryOf(shape: Shape): Geometry {
  if (Object.hasOwn(GEOMETRY, shape)) return GEOMETRY[shape];
  throw new DataError(`There is no shape ${String(shape)}; there are ${SHAPES.join(', ')}.`);
}

/** True distance of rows [n, d] to the shape. */
export function shapeDistance(shape: Shape, x: Matrix): Float64Array {
  const { coordinates, distance } = geometryOf(shape);
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const row = rowOf(x, i);
    return Math.hypot(distance(row.subarray(0, coordinates)), ...row.subarray(coordinates));
  });
}

/** @throws DataError when a number of the specification is out of range */
export function sampleManifold(spec: ManifoldSpec): ManifoldSample {
  const { shape, n, d, sigma, seed, outliers } = spec;
  const geometry = geometryOf(shape);
  check(spec, geometry);
  const random = new Random(seed, 21);
  const clean = matrix(n, d);
  const x = matrix(n, d);
  for (let i = 0; i < n; i++) {
    rowOf(clean, i).set(geometry.draw(random));
    for (let p = i * d; p < (i + 1) * d; p++) x.data[p] = clean.data[p] + sigma * random.normal();
  }
  const outlier = new Uint8Array(n);
  if (outliers) {
    // Of streams of their own: clean rows are the same with and without outliers, and so are samples of one cluster.
    const chance = new Random(seed, 22);
    const move = mover(outliers.kind, spec, geometry, clean);
    for (let i = 0; i < n; i++) {
      if (chance.uniform() >= outliers.share) continue;
      outlier[i] = 1;
      move(rowOf(x, i), chance);
    }
  }
  return { x, clean, distance: shapeDistance(shape, x), outlier };
}

/** Makes an outlier of a noisy row, in place. */
function mover(
  kind: OutlierKind,
  { d, sigma, shape, seed }: ManifoldSpec,
  { coordinates }: Geometry,
  clean: Matrix
): (row: Float64Array, random: Random) => void {
  switch (kind) {
    case 'noise':
      return (row, random) => {
        for (let j = 0; j < d; j++) row[j] += Math.sqrt(8) * sigma * random.normal();
      };
    case 'inside':
      return (row, random) => {
        const factor = 0.55 + 0.25 * random.uniform();
        for (let j = 0; j < coordinates; j++)
          row[j] = shape === 'swiss' ? row[j] + 0.25 * random.normal() : factor * row[j];
      };
    case 'global': {
      let squares = 0;
      for (const value of clean.data) squares += value * value;
      const spread = Math.sqrt(squares / clean.data.length + sigma * sigma);
      return (row, random) => {
        for (let j = 0; j < d; j++) row[j] = spread * random.normal();
      };
    }
    case 'cluster': {
      const place = new Random(seed, 23);
      const v = Array.from({ length: d }, () => place.normal());
      const norm = Math.hypot(...v);
      return (row, random) => {
        const along = 1.1 + 0.05 * random.normal();
        for (let j = 0; j < d; j++) row[j] = (along * v[j]) / norm + 0.3 * sigma * random.normal();
      };
    }
    default:
      throw new DataError(
        `There are no outliers of kind ${String(kind satisfies never)}: ${OUTLIERS.join(', ')}.`
      );
  }
}

function check({ n, d, sigma, outliers }: ManifoldSpec, { coordinates }: Geometry): void {
  const rules: [boolean, string][] = [
    [Number.isInteger(n) && n >= 1, `n must be a whole number of at least 1, got ${n}`],
    [
      Number.isInteger(d) && d >= coordinates,
      `d must be a whole number of at least ${coordinates}, the coordinates of the shape, got ${d}`
    ],
    [sigma >= 0 && sigma < Infinity, `sigma must be finite and not negative, got ${sigma}`],
    [
      outliers === undefined || (outliers.share >= 0 && outliers.share < 1),
      `the share of outliers must lie in [0, 1), got ${outliers?.share}`
    ]
  ];
  for (const [fine, words] of rules) if (!fine) throw new DataError(`sampleManifold: ${words}.`);
}
