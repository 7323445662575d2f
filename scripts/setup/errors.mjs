// The two ways in which a set-up or a check stops that are no defect of ours. Their messages are for people
// and are printed without a stack.

/** Something outside is missing or a tool failed: the message says what, and what to do. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** A person pressed Ctrl-C, or the terminal went away. */
export class Interrupted extends Error {
  name = 'Interrupted';
}
