/**
 * A JSON schema of a parameter, in words and against a value. Knows the keywords that stages use and no others; the
 * kernel checks by Ajv, which compiles what a page's security policy may forbid.
 */

type Schema = Readonly<Record<string, unknown>>;

/** The range that a number may lie in: " from 4 to 512", " above 0", or nothing. */
export function boundsInWords(schema: Schema): string {
  const low = schema['minimum'] ?? schema['exclusiveMinimum'];
  const high = schema['maximum'] ?? schema['exclusiveMaximum'];
  return [
    low === undefined ? '' : ` ${'exclusiveMinimum' in schema ? 'above' : 'from'} ${String(low)}`,
    high === undefined ? '' : ` ${'exclusiveMaximum' in schema ? 'below' : 'to'} ${String(high)}`
  ].join('');
}

export function optionsOf(schema: Schema): readonly Schema[] {
  return (schema['anyOf'] as readonly Schema[] | undefined) ?? [];
}

/** What a parameter may be, in words, from its schema: "an integer from 4 to 512". */
export function allowed(schema: Schema): string {
  const any = optionsOf(schema);
  if (any.length > 0) {
    const constants = any.filter(option => 'const' in option).map(option => JSON.stringify(option['const']));
    const others = any.filter(option => !('const' in option)).map(allowed);
    return [...(constants.length > 0 ? [`one of ${constants.join(', ')}`] : []), ...others].join(', or ');
  }
  if ('const' in schema) return JSON.stringify(schema['const']);
  const bounds = boundsInWords(schema);
  switch (schema['type']) {
    case 'integer':
      return `an integer${bounds}`;
    case 'number':
      return `a number${bounds}`;
    case 'string':
      return schema['minLength'] ? 'a text that is not empty' : 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list, each item ${allowed(schema['items'] as Schema)}`;
    case 'null':
      return 'null';
    default:
      return 'patternProperties' in schema
        ? 'an object that names at least one column, each with a text or a list of texts'
        : 'an object';
  }
}

function within(schema: Schema, value: number): boolean {
  const bound = (name: string): number | undefined => schema[name] as number | undefined;
  return (
    value >= (bound('minimum') ?? -Infinity) &&
    value <= (bound('maximum') ?? Infinity) &&
    value > (bound('exclusiveMinimum') ?? -Infinity) &&
    value < (bound('exclusiveMaximum') ?? Infinity)
  );
}

function fitsList(schema: Schema, value: readonly unknown[]): boolean {
  if (value.length < Number(schema['minItems'] ?? 0)) return false;
  const distinct = new Set(value.map(item => JSON.stringify(item))).size;
  if (schema['uniqueItems'] === true && distinct < value.length) return false;
  const items = schema['items'] as Schema | undefined;
  return items === undefined || value.every(item => fits(items, item));
}

function fitsObject(schema: Schema, value: object): boolean {
  const entries = Object.entries(value);
  if (entries.length < Number(schema['minProperties'] ?? 0)) return false;
  const patterns = Object.entries((schema['patternProperties'] as Record<string, Schema> | undefined) ?? {});
  return entries.every(([key, inner]) =>
    patterns.every(([pattern, rule]) => !new RegExp(pattern, 'u').test(key) || fits(rule, inner))
  );
}

/** Whether a value is what the schema lets pass. NaN and infinities pass nowhere. */
export function fits(schema: Schema, value: unknown): boolean {
  const any = optionsOf(schema);
  if (any.length > 0) return any.some(option => fits(option, value));
  if ('const' in schema) return value === schema['const'];
  switch (schema['type']) {
    case 'integer':
      return Number.isInteger(value) && within(schema, value as number);
    case 'number':
      return Number.isFinite(value) && within(schema, value as number);
    case 'string':
      return typeof value === 'string' && [...value].length >= Number(schema['minLength'] ?? 0);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value) && fitsList(schema, value);
    case 'object':
      return (
        typeof value === 'object' && value !== null && !Array.isArray(value) && fitsObject(schema, value)
      );
    default:
      return true;
  }
}
