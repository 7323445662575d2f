/**
 * The key of a call: its stage and version, the release, every parameter, the inputs' content by port, and the content
 * of what the stage reads of the world. No time, and no path of what is read by content.
 */
import { contentHash, FORMAT, type Hashable } from '../../store/index.js';
import type { Known } from './known.js';
import { RELEASE } from './release.js';

/** Inputs by port; ports that are left out are absent. */
export type KnownInputs = Readonly<Record<string, Known | undefined>>;

/** What a stage says of how its results may be kept. */
export interface Keeping<P> {
  readonly stage: string;
  readonly version: number;
  /**
   * Content of what the stage reads beside its inputs: files, and what other parts of the program would tell it.
   * @throws whatever the reading would: then the call is not looked up, and run to say so itself
   */
  outside?(inputs: KnownInputs, params: P): Promise<Hashable>;
  /** Parameters that only say where something is whose content `outside` tells: not in the key. */
  readonly places?: readonly string[];
}

export async function keyOf<P extends object>(
  { stage, version, outside, places = [] }: Keeping<P>,
  inputs: KnownInputs,
  params: P
): Promise<string> {
  const named = Object.entries(params).filter(([name]) => !places.includes(name));
  const ports = Object.entries(inputs).map(([port, known]) => [port, known?.digest] as const);
  return contentHash({
    what: 'result of a stage',
    format: FORMAT,
    release: RELEASE,
    stage,
    version,
    params: Object.fromEntries(named) as { [name: string]: Hashable },
    inputs: Object.fromEntries(ports),
    outside: (await outside?.(inputs, params)) ?? null
  });
}
