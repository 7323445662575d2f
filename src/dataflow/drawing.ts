/**
 * How a notebook wants its graph drawn: places of nodes and what is folded, kept in its metadata under `hysim`. Reads
 * whatever stands there; writes only what differs, and leaves alone what it does not know.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { oneStep } from '../notebooks/index.js';
import type { Drawing, Place } from './tokens.js';

const KEY = 'hysim';

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function isPlace(value: unknown): value is Place {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

export function readDrawing(panel: NotebookPanel): Drawing {
  const { positions, folded } = asObject(panel.model?.getMetadata(KEY));
  const places = Object.entries(asObject(positions)).filter((entry): entry is [string, Place] =>
    isPlace(entry[1])
  );
  return {
    positions: Object.fromEntries(places),
    folded: Array.isArray(folded) ? folded.filter(id => typeof id === 'string') : []
  };
}

/** One step of undo. Cells that are no longer there are forgotten on the way. */
export function writeDrawing(panel: NotebookPanel, drawing: Drawing): void {
  const model = panel.model;
  if (!model) return;
  const { positions, folded } = drawing;
  const before = readDrawing(panel);
  if (JSON.stringify([before.positions, before.folded]) === JSON.stringify([positions, folded])) return;
  const there = new Set(model.sharedModel.cells.map(cell => cell.getId()));
  const places = Object.entries(positions).filter(([id]) => there.has(id));
  const kept = folded.filter(id => there.has(id));
  const { positions: _p, folded: _f, ...others } = asObject(model.getMetadata(KEY));
  const next = {
    ...others,
    ...(places.length > 0 ? { positions: Object.fromEntries(places) } : {}),
    ...(kept.length > 0 ? { folded: kept } : {})
  };
  oneStep(model.sharedModel, () => {
    if (Object.keys(next).length > 0) model.sharedModel.setMetadata(KEY, next as never);
    else model.sharedModel.deleteMetadata(KEY);
  });
}
