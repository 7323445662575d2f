/**
 * What every cell has under the name `jupyter`: display, input and comms. Types alone; the Jupyter side
 * implements them. The declarations are read by the cells' TypeScript 5.0.
 */

/** Bytes to send with a message. The receiver gets ArrayBuffers. */
export type Buffers = readonly (ArrayBuffer | ArrayBufferView)[];

/** What the other end of a comm sent. Each buffer is its own ArrayBuffer, aligned for every typed array. */
export interface CommMessage {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: ArrayBuffer[];
}

/** A two-way channel to the front end. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  /** True once either end has closed it. */
  readonly closed: boolean;
  /** Called for each message of the other end, also while a cell awaits. */
  onMessage: ((message: CommMessage) => void) | undefined;
  /** Called once when the other end closes. */
  onClose: ((message: CommMessage) => void) | undefined;
  /** @throws Error when the comm is closed. */
  send(data: Record<string, unknown>, buffers?: Buffers, metadata?: Record<string, unknown>): void;
  /** Closing twice is safe. */
  close(data?: Record<string, unknown>): void;
}

export interface JupyterApi {
  /**
   * How many characters a cell may print, and the plain text of a value may have; what is beyond is left out and
   * counted. One million, or what HYSIM_OUTPUT_LIMIT says; Infinity for no limit.
   */
  outputLimit: number;
  /** Shows a value, or a bundle of mime type to content. With `id`, replaces what was shown under it. */
  display(value: unknown, id?: string): Promise<void>;
  /** Empties the cell's output; with `wait`, only when the next output comes. */
  clearOutput(wait?: boolean): void;
  /**
   * Asks the person for a line of text.
   * @throws Error when the notebook runs with nobody to ask.
   */
  input(prompt?: string, options?: { password?: boolean }): Promise<string>;
  /** Opens a comm to a target that the front end registered. */
  openComm(target: string, data?: Record<string, unknown>, buffers?: Buffers): Comm;
  /** Takes comms that the front end opens; returns the function that takes the target off again. */
  registerCommTarget(target: string, opened: (comm: Comm, message: CommMessage) => void): () => void;
}
