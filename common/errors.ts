/**
 * Every error that a person can cause has a class here. A message says what is wrong, where, and what to do
 * about it, so that a failed cell can be mended without reading a stack.
 */

/** Base class: `instanceof HySimError` tells an explained failure from a defect of ours. */
export class HySimError extends Error {
  override name = 'HySimError';
}

/** A parameter of a stage is unknown, of the wrong type, or out of range. */
export class ParameterError extends HySimError {
  override name = 'ParameterError';
  constructor(
    readonly stage: string,
    readonly parameter: string,
    message: string
  ) {
    super(message);
  }
}

/** An input of a stage is missing, of the wrong kind, or does not belong with the others. */
export class InputError extends HySimError {
  override name = 'InputError';
  constructor(
    readonly stage: string,
    readonly input: string,
    message: string
  ) {
    super(message);
  }
}

/** Where in a table file something is wrong. Lines and columns count from 1. */
export interface TablePlace {
  file: string;
  line?: number;
  table?: string;
  row?: number;
  column?: string;
}

/** A table file is missing, unreadable or malformed. */
export class TableError extends HySimError {
  override name = 'TableError';
  constructor(
    readonly place: TablePlace,
    message: string
  ) {
    super(message);
  }
}

/** The data cannot support what was asked: an empty target, a single class, NaN, too few papers. */
export class DataError extends HySimError {
  override name = 'DataError';
}

/** Data of one fold was about to be used where only another may be: theory.md A0, errata.md E3. */
export class FoldError extends HySimError {
  override name = 'FoldError';
}

/** Fold V may not be opened as asked: errata.md E3. */
export class LedgerError extends HySimError {
  override name = 'LedgerError';
}

/** Of the cache was asked what it cannot do: an id that nothing has, a folder that cannot be written. */
export class CacheError extends HySimError {
  override name = 'CacheError';
}

/** A model folder lacks a file, or a file does not hold what its name promises. */
export class ModelError extends HySimError {
  override name = 'ModelError';
  constructor(
    readonly path: string,
    message: string
  ) {
    super(message);
  }
}

/** A device was asked for that is not there or cannot run the graph. */
export class DeviceError extends HySimError {
  override name = 'DeviceError';
}

/** A graph was built wrongly: the message names the operation and the shapes. */
export class ShapeError extends HySimError {
  override name = 'ShapeError';
}

/** The engine process ended or failed. The kernel and its variables are untouched. */
export class EngineError extends HySimError {
  override name = 'EngineError';
}

/** A job was stopped by a person. */
export class CancelledError extends HySimError {
  override name = 'CancelledError';
}
