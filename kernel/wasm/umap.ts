/** What assembly/umap.ts exports; pointers are bytes. Points in the plane have 8 bytes, in space 16, the last four 0. */
export interface UmapKernels {
  /** One epoch over edges `from` to `to` of `heads` (numbers among `points`) and `tails` (among the `n` `others`). */
  layoutEpoch(
    points: number,
    others: number,
    n: number,
    heads: number,
    tails: number,
    periods: number,
    due: number,
    from: number,
    to: number,
    attraction: number,
    repulsion: number,
    epoch: number,
    alpha: number,
    random: number,
    both: boolean,
    solid: boolean
  ): void;
  /** Bits of a float32 squared distance that its coefficient's place in a table leaves out. */
  tableShift(): number;
}
