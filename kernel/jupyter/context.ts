/**
 * A value that follows asynchronous calls: what a piece of code starts (promises, timers, files, workers) runs
 * under the value that the code itself ran under.
 *
 * Node's AsyncLocalStorage does this, but up to Node 23 it keeps a stack of calls that must stay even, and
 * aborts the process when it is not, as after a loop that was ended from outside (interrupt.ts). There, promises
 * are followed here instead, with no stack to keep; the other resources by async_hooks, whose check is turned
 * off. Where neither can be had, nothing is followed.
 */
import { AsyncLocalStorage, createHook, executionAsyncResource } from 'node:async_hooks';

export interface Context<T> {
  get(): T | undefined;
  /** Runs `work`, and what it starts, under `value`. */
  run<R>(value: T | undefined, work: () => R): R;
  /** The value under which a promise was made. */
  ofPromise(promise: object): T | undefined;
  /** At the outermost call, after which nothing of before can still be running. */
  reset(): void;
}

/** A constructor that makes nothing: what extends it puts its fields onto the object it is given. */
const Returned = function (object: object): object {
  return object;
} as unknown as new (object: object) => object;

/** Hangs a value onto any object, where neither the object's owner nor `inspect` sees it. */
class Tag extends Returned {
  #value: unknown;

  private constructor(object: object, value: unknown) {
    super(object);
    this.#value = value;
  }

  static set(object: object, value: unknown): void {
    if (#value in object) object.#value = value;
    else new Tag(object, value);
  }

  static get(object: object): unknown {
    return #value in object ? object.#value : undefined;
  }
}

interface AsyncWrap {
  async_hook_fields: Uint32Array;
  constants: { kCheck: number };
  setPromiseHooks(
    init: (promise: object) => void,
    before: (promise: object) => void,
    after: (promise: object) => void,
    settled: undefined
  ): void;
}

/** Node's own binding. There is no public way to what is needed of it, and so Node would warn. */
function asyncWrap(): AsyncWrap {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return (process as unknown as { binding(name: string): AsyncWrap }).binding('async_wrap');
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

/** @throws Error when this Node.js does not offer what it takes. */
function followByHooks<T>(): Context<T> {
  const wrap = asyncWrap();
  if (typeof wrap.setPromiseHooks !== 'function') throw new Error('this Node.js has no promise hooks');
  let current: T | undefined;
  // What runs below: a resource can be entered while another runs, but nothing relies on an even stack.
  const below: (T | undefined)[] = [];
  const enter = (value: T | undefined): void => {
    below.push(current);
    current = value;
  };
  const leave = (): void => void (current = below.pop());
  createHook({
    init: (_id, _type, _trigger, resource: object) => Tag.set(resource, current),
    before: () => enter(Tag.get(executionAsyncResource()) as T | undefined),
    after: leave
  }).enable();
  // Enabling made Node follow promises its own way: these take that place.
  wrap.setPromiseHooks(
    promise => Tag.set(promise, current),
    promise => enter(Tag.get(promise) as T | undefined),
    leave,
    undefined
  );
  wrap.async_hook_fields[wrap.constants.kCheck] = 0;
  return {
    get: () => current,
    run: (value, work) => {
      const before = current;
      current = value;
      try {
        return work();
      } finally {
        current = before;
      }
    },
    ofPromise: promise => Tag.get(promise) as T | undefined,
    reset: () => {
      below.length = 0;
      current = undefined;
    }
  };
}

function followByStorage<T>(): Context<T> {
  const storage = new AsyncLocalStorage<T | undefined>();
  return {
    get: () => storage.getStore(),
    run: (value, work) => storage.run(value, work),
    ofPromise: () => storage.getStore(),
    reset: () => undefined
  };
}

function followNothing<T>(): Context<T> {
  return {
    get: () => undefined,
    run: (_value, work) => work(),
    ofPromise: () => undefined,
    reset: () => undefined
  };
}

/** To be called once a process. */
export function createContext<T>(): Context<T> {
  if (Number(process.versions.node.split('.')[0]) >= 24) return followByStorage();
  try {
    return followByHooks();
  } catch {
    return followNothing();
  }
}
