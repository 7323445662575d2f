/** What assembly/gaussian.ts exports. */
export interface GaussianKernels {
  gaussianRow(
    z: number,
    y: number,
    rows: number,
    cols: number,
    from: number,
    scale: number,
    out: number
  ): void;
  addFourier(
    x: number,
    rows: number,
    cols: number,
    frequencies: number,
    half: number,
    a: number,
    columns: number,
    out: number
  ): void;
}
