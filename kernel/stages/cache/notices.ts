/** What the cache has to say to a person: in the cell's output or on the terminal, and each thing once. */
import { currentHost } from '../../../common/host.js';

const said = new Set<string>();

/** Something is wrong that a person can mend, or should know. */
export function warn(text: string): void {
  console.warn(text);
}

/** @param about what it is said of: of that it is said once, whatever the words */
export function warnOnce(about: string, text: string): void {
  if (said.has(about)) return;
  said.add(about);
  warn(text);
}

export function tellOnce(about: string, text: string): void {
  if (said.has(about)) return;
  said.add(about);
  // A program's standard output is its own; in a notebook, standard error would look like a failure.
  if (currentHost()) console.log(text);
  else console.error(text);
}
