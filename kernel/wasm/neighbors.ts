/** What assembly/neighbors.ts exports; pointers are bytes. */
export interface NeighborKernels {
  scanRows(
    block: number,
    rows: number,
    cols: number,
    row0: number,
    col0: number,
    exclude: number,
    values: number,
    ids: number,
    k: number
  ): void;
  scanBoth(
    block: number,
    rows: number,
    cols: number,
    row0: number,
    col0: number,
    values: number,
    ids: number,
    worst: number,
    k: number
  ): void;
  roots(values: number, from: number, to: number, k: number, worst: number): void;
  multiply(a: number, panels: number, rows: number, cols: number, k: number, out: number): void;
}
