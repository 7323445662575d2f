/** The set-up's scripts are JavaScript with JSDoc, checked by their own project: here only what the tests call. */
declare module '*/scripts/checks/chromium.mjs' {
  export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
}
declare module '*/scripts/setup/paths.mjs' {
  export function testEnv(root: string, base?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
}
