/**
 * What a value is made of, as JSON and tensors, and back to the last bit: NaN and infinities, minus zero, Maps, and
 * values within values, which are kept by reference. Names such as "__proto__" are names like any other.
 */
import { isTensor, type Tensor } from './tensors.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The mark of what JSON has no words for; an object that happens to have such a key is kept as a list of entries. */
const MARK = '$';

export class Unkeepable extends Error {}

export interface Packed {
  readonly json: Json;
  readonly tensors: readonly Tensor[];
}

/**
 * @param referTo the name of an object that is kept on its own; undefined for one that is part of this
 * @throws Unkeepable for what is no data: a function, a class of its own
 */
export function pack(whole: unknown, referTo: (part: object) => string | undefined): Packed {
  const tensors: Tensor[] = [];
  const add = (part: unknown): Json => {
    switch (typeof part) {
      case 'string':
      case 'boolean':
        return part;
      case 'number':
        return Number.isFinite(part) && !Object.is(part, -0)
          ? part
          : { [MARK]: 'number', is: Object.is(part, -0) ? '-0' : String(part) };
      case 'undefined':
        return { [MARK]: 'undefined' };
      case 'object':
        break;
      default:
        throw new Unkeepable(`a ${typeof part} is no data`);
    }
    if (part === null) return null;
    if (isTensor(part)) return { [MARK]: 'tensor', at: tensors.push(part) - 1 };
    const name = referTo(part);
    if (name !== undefined) return { [MARK]: 'value', is: name };
    if (Array.isArray(part)) return Array.from(part, add);
    if (part instanceof Map)
      return { [MARK]: 'map', entries: [...part].map(([key, value]) => [add(key), add(value)]) };
    const prototype: unknown = Object.getPrototypeOf(part);
    if (prototype !== Object.prototype && prototype !== null)
      throw new Unkeepable(`an object of the class ${part.constructor.name} is no plain data`);
    const entries = Object.entries(part)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]): [string, Json] => [key, add(value)]);
    return entries.some(([key]) => key === MARK)
      ? { [MARK]: 'object', entries }
      : Object.fromEntries(entries);
  };
  return { json: add(whole), tensors };
}

/** What `pack` was given. @param refer the value of that name */
export async function unpack(
  { json, tensors }: Packed,
  refer: (name: string) => Promise<unknown>
): Promise<unknown> {
  const names = new Map<string, unknown>();
  for (const name of namesIn(json)) names.set(name, await refer(name));
  const build = (part: Json): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(build);
    const entries = part['entries'] as [Json, Json][];
    switch (part[MARK]) {
      case undefined:
        return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, build(value)]));
      case 'number':
        return Number(part['is']);
      case 'undefined':
        return undefined;
      case 'tensor':
        return tensors[part['at'] as number];
      case 'value':
        return names.get(part['is'] as string);
      case 'map':
        return new Map(entries.map(([key, value]) => [build(key), build(value)]));
      default:
        return Object.fromEntries(entries.map(([key, value]) => [key as string, build(value)]));
    }
  };
  return build(json);
}

/** The names that a packed whole refers to. */
function namesIn(json: unknown): Set<string> {
  const names = new Set<string>();
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) return part.forEach(look);
    const record = part as Record<string, unknown>;
    if (record[MARK] === 'value') names.add(String(record['is']));
    else Object.values(record).forEach(look);
  };
  look(json);
  return names;
}
