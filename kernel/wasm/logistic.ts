/** What assembly/logistic.ts exports. */
export interface LogisticKernels {
  loss(x: number, rows: number, stride: number, weight: number, targets: number, beta: number): number;
  derivatives(
    x: number,
    rows: number,
    stride: number,
    weight: number,
    targets: number,
    beta: number,
    gradient: number,
    hessian: number,
    zero: number
  ): void;
}
