// A reporter for `node --test` that writes its events as JSON lines, for node-tests.mjs to count.

/**
 * @param {AsyncIterable<{ type: string, data: any }>} source
 * @returns {AsyncGenerator<string>}
 */
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === 'test:stderr') yield line({ type, file: data.file, message: data.message });
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const error = data.details?.error;
    yield line({
      type,
      name: data.name,
      file: data.file,
      line: data.line,
      nesting: data.nesting,
      skip: data.skip !== undefined && data.skip !== false && (data.skip || true),
      todo: data.todo !== undefined && data.todo !== false,
      suite: data.details?.type === 'suite',
      failureType: error?.failureType,
      error: error && text(error.cause ?? error)
    });
  }
}

/** @param {unknown} value */
const line = value => `${JSON.stringify(value)}\n`;

/** @param {any} error */
function text(error) {
  return typeof error === 'string' ? error : String(error?.stack ?? error?.message ?? error);
}
