/** JSON lines against a schema, so that a mistake is named by file and line. Reading the file is the caller's. */
import type { Static, TSchema } from '@sinclair/typebox';
import { Value, type ValueError } from '@sinclair/typebox/value';
import { TableError } from './errors.js';

/** What was expected, in words; of a choice, its members. */
function expected({ schema, message }: ValueError): string {
  const options = (schema['anyOf'] as { const?: unknown }[] | undefined)?.map(option => option.const);
  return options?.every(option => option !== undefined)
    ? `expected one of ${options.map(option => JSON.stringify(option)).join(', ')}`
    : message.toLowerCase();
}

/**
 * Every non-empty line as a value of `schema`, with the number of its line, from 1.
 * @param path the file, for messages
 * @throws TableError naming file and line when a line is not JSON or does not fit
 */
export function parseJsonLines<T extends TSchema>(
  text: string,
  path: string,
  schema: T
): { line: number; value: Static<T> }[] {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const parsed: { line: number; value: Static<T> }[] = [];
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((source, index) => {
      if (source.trim() === '') return;
      const line = index + 1;
      let value: unknown;
      try {
        value = JSON.parse(source);
      } catch (error) {
        throw new TableError(
          { file: path, line },
          `${name}, line ${line}: not JSON (${(error as Error).message}). Mend or remove the line.`
        );
      }
      const wrong = Value.Errors(schema, value).First();
      if (wrong) {
        const field = wrong.path.slice(1).replaceAll('/', '.') || 'the line';
        throw new TableError(
          { file: path, line },
          `${name}, line ${line}: ${field}: ${expected(wrong)}. Mend the line.`
        );
      }
      parsed.push({ line, value: value as Static<T> });
    });
  return parsed;
}
