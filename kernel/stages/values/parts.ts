/**
 * What a value is made of, so that it can be kept and made again (revive.ts). The name is a symbol which the library
 * does not hand out: a value's parts hold what its readers must not see, such as the target's labels.
 */
export const PARTS: unique symbol = Symbol('hysim.parts');

export interface Parts {
  /**
   * All that a stage can see of the value: plain data, typed arrays, Maps, and further values. Two values whose content
   * is the same are the same to every stage, which the id alone does not promise.
   */
  readonly content: Readonly<Record<string, unknown>>;
  /** What is only told to people, such as the path that something was read from: no result depends on it. */
  readonly aside?: Readonly<Record<string, string>>;
  /** What of the value decides what a later stage reads of the world: plain and small. */
  readonly facts?: Facts;
}

export interface Facts {
  /** The encoder that "auto" means to a later stage. */
  readonly encoder?: string;
}
