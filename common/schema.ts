/** A JSON schema in words, for errors and for documentation. Validates nothing. */

/** The range that a number may lie in: " from 4 to 512", " above 0", or nothing. */
export function boundsInWords(schema: Readonly<Record<string, unknown>>): string {
  const low = schema['minimum'] ?? schema['exclusiveMinimum'];
  const high = schema['maximum'] ?? schema['exclusiveMaximum'];
  return [
    low === undefined ? '' : ` ${'exclusiveMinimum' in schema ? 'above' : 'from'} ${String(low)}`,
    high === undefined ? '' : ` ${'exclusiveMaximum' in schema ? 'below' : 'to'} ${String(high)}`
  ].join('');
}
