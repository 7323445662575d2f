/** Loads modules of the extension in Node. It is compiled for a browser, in a project that tests do not reference. */

export function front<T>(file: string): Promise<T> {
  return import(new URL(`../../src/${file}`, import.meta.url).href) as Promise<T>;
}
