/** Words that whoever runs cells and whoever notes their runs share. */
import type { RunRecord } from '../../common/dataflow/index.js';

export type CellStatus = RunRecord['status'];

/** The cells' variables by name. */
export type Variables = Readonly<Record<string, unknown>>;
