/** The first byte after a module's own constants: its arena begins here. Each module exports it. */
export function heapBase(): usize {
  return __heap_base;
}
