/**
 * Modules of kernels: one AssemblyScript file under assembly/ each, compiled with SIMD to a .wasm beside this file's
 * compiled form. A module has its own memory and no garbage collector: who calls it lays its arrays out in an arena.
 */
import { readFileSync } from 'node:fs';

/** What is used here of the engine's WebAssembly, which the DOM's declarations have and Node's do not. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Bytes of WebAssembly's page. */
const PAGE = 65536;

/** SIMD loads and stores are fastest at this alignment. */
const ALIGNMENT = 16;

/** Arrays one after another in a module's memory. A pointer stays; a view is gone once the memory has grown. */
export class Arena {
  private top: number;

  constructor(
    readonly memory: Memory,
    base: number
  ) {
    this.top = align(base);
  }

  /** Where the next array begins: give it to `release` and all that was reserved since is free again. */
  get mark(): number {
    return this.top;
  }

  /**
   * @returns the pointer to `bytes` bytes, which hold what was there before
   * @throws RangeError when the module's memory cannot grow so far (4 GiB)
   */
  reserve(bytes: number): number {
    const at = this.top;
    this.top = align(at + bytes);
    const missing = this.top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Reserves what `values` take and copies them there. @returns the pointer */
  put(values: Float32Array | Float64Array | Int32Array): number {
    const at = this.reserve(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.memory.buffer, at, values.byteLength).set(bytes);
    return at;
  }

  release(mark: number): void {
    this.top = mark;
  }

  f32(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }

  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
}

const align = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;

/** A module of kernels, and the arena in its memory. */
export interface Kernels<Exports> {
  exports: Exports;
  arena: Arena;
}

const compiled = new Map<string, object>();

/**
 * A new instance, with a memory of its own, of `assembly/NAME.ts`.
 * @throws Error when it was not compiled (npm run build:lib)
 */
export function instantiate<Exports>(name: string): Kernels<Exports> {
  let module = compiled.get(name);
  if (!module) {
    module = new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, import.meta.url)));
    compiled.set(name, module);
  }
  const exports = new WebAssembly.Instance(module).exports as Exports & {
    memory: Memory;
    heapBase(): number;
  };
  return { exports, arena: new Arena(exports.memory, exports.heapBase()) };
}
