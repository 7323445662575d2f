/** What assembly/distances.ts exports; pointers are bytes. */
type SquaredDistances = (query: number, rows: number, count: number, cols: number, out: number) => void;

export interface DistanceKernels {
  squaredDistances32: SquaredDistances;
  squaredDistances64: SquaredDistances;
}
