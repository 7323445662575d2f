/** What assembly/local-pca.ts exports; pointers are bytes. */
export interface LocalPcaKernels {
  workBytes(q: number, k: number, kp: number, w: number): number;
  localPca(
    points: number,
    indices: number,
    queries: number,
    count: number,
    k: number,
    kp: number,
    q: number,
    m: number,
    w: number,
    products: number,
    start: number,
    work: number,
    values: number,
    feet: number,
    residuals: number
  ): void;
}
