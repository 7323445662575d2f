/**
 * What a living value is called on disk. Its digest covers all that a stage can see of it and is the name by which it
 * goes into keys: the id alone leaves out what another stage may read, such as the arm that a model was trained as.
 */
import { pack, prepare, Unkeepable, type Described, type Prepared } from '../../store/index.js';
import { PARTS, type Facts } from '../values/parts.js';
import { isRevivable } from '../values/revive.js';
import { Value } from '../values/value.js';

/** A value as a key and a plan see it, living or kept. */
export interface Known {
  readonly kind: string;
  readonly id: string;
  readonly digest: string;
  readonly facts: Facts;
  /** The parameters that its stage made it with; absent for a value built by hand. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A living value and its files. */
export interface Living extends Known {
  readonly value: Value;
  readonly files: Described;
  readonly aside?: Readonly<Record<string, string>>;
  /** The values that it refers to. */
  readonly parts: readonly Value[];
}

const living = new WeakMap<Value, Omit<Living, 'value' | 'params'> | { readonly why: string }>();

/** What is to be written of a value. @throws Unkeepable when it could not be made again from that */
export function prepareValue(value: Value): { prepared: Prepared; parts: Value[] } {
  const parts = isRevivable(value) ? value[PARTS]() : undefined;
  if (!parts) throw new Unkeepable(`a value of the class ${value.constructor.name} cannot be kept`);
  const found: Value[] = [];
  const packed = pack(parts.content, part => {
    if (!(part instanceof Value)) return undefined;
    found.push(part);
    return livingOf(part).digest;
  });
  return { prepared: prepare(value.kind, value.id, packed), parts: found };
}

/**
 * @param wrote is given the bytes where they had to be made, so that they need not be made again
 * @throws Unkeepable
 */
export function livingOf(value: Value, wrote?: (prepared: Prepared) => void): Living {
  const params = value.provenance?.params;
  const before = living.get(value);
  if (before && 'why' in before) throw new Unkeepable(before.why);
  if (before) return { ...before, value, params };
  try {
    const { prepared, parts } = prepareValue(value);
    wrote?.(prepared);
    const { digest, length, tensors } = prepared;
    const { facts = {}, aside } = value[PARTS]()!;
    // Weak: the parts live as long as the value does, and it must not be held by what is known of it.
    const known = {
      kind: value.kind,
      id: value.id,
      digest,
      files: { digest, length, tensors },
      facts,
      aside
    };
    living.set(value, { ...known, parts });
    return { ...known, value, params, parts };
  } catch (error) {
    if (error instanceof Unkeepable) living.set(value, { why: error.message });
    throw error;
  }
}

/** Notes what a value is called that was just read, so that it need not be packed to find out. */
export function noteLiving(value: Value, files: Described, parts: readonly Value[]): void {
  const { facts = {}, aside } = value[PARTS]()!;
  living.set(value, { kind: value.kind, id: value.id, digest: files.digest, files, facts, aside, parts });
}

/** The value and all that it refers to, each once, those that are referred to first. @throws Unkeepable */
export function closureOf(value: Value, wrote?: (prepared: Prepared) => void): Living[] {
  const closure = new Map<string, Living>();
  const visit = (one: Living): void => {
    if (closure.has(one.digest)) return;
    for (const part of one.parts) visit(livingOf(part));
    closure.set(one.digest, one);
  };
  visit(livingOf(value, wrote));
  return [...closure.values()];
}
