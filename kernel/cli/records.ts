/**
 * How the saved results of a notebook came about: `.hysim/runs/<file name>.json` beside it. Written when a run has been
 * saved, so that the next knows what is out of date. A result that the file holds but that no record is of (it was made
 * in JupyterLab, or changed by hand) counts as never made.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RunRecord } from '../../common/dataflow/index.js';
import { writeWhole } from '../store/index.js';

const FORMAT = 1;

export interface Records {
  /** Oldest first, one a cell; run numbers differ within the file. */
  readonly runs: readonly RunRecord[];
  /** Cell -> hash of the outputs that were saved with its run. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Cell -> file that its stages read -> hash of what it held. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const NONE: Records = { runs: [], outputs: {}, files: {} };

export function recordsPath(notebook: string): string {
  return join(dirname(notebook), '.hysim', 'runs', `${basename(notebook)}.json`);
}

function isRun(value: unknown): value is RunRecord {
  const run = value as Partial<RunRecord> | null;
  return (
    typeof run === 'object' &&
    run !== null &&
    typeof run.run === 'number' &&
    typeof run.cell === 'string' &&
    typeof run.source === 'string' &&
    typeof run.reads === 'object' &&
    typeof run.writes === 'object'
  );
}

/** None where there is no record, or one that cannot be read: then everything counts as out of date. */
export async function readRecords(notebook: string): Promise<Records> {
  try {
    const found = JSON.parse(await readFile(recordsPath(notebook), 'utf8')) as Partial<Records> & {
      format?: number;
    };
    if (found.format !== FORMAT || !Array.isArray(found.runs) || !found.runs.every(isRun)) return NONE;
    return { runs: found.runs, outputs: found.outputs ?? {}, files: found.files ?? {} };
  } catch {
    return NONE;
  }
}

/** @throws the file system's error */
export async function writeRecords(notebook: string, records: Records): Promise<void> {
  const path = recordsPath(notebook);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, `${JSON.stringify({ format: FORMAT, ...records })}\n`);
}
