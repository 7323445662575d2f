/** What assembly/blocks.ts exports. */
export interface BlockKernels {
  squaredNorms(x: number, rows: number, cols: number, out: number): void;
}
