/** A stage's parameters against its schema: defaults filled in, and every mistake named with what is allowed. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TObject } from '@sinclair/typebox';
import { ParameterError } from '../../../common/errors.js';
import { allowed } from '../../../common/schema.js';
import { nearest } from './nearest.js';

const ajv = new Ajv({ useDefaults: true, strict: false, allErrors: true, verbose: true });

function explain(stage: string, schema: TObject, error: ErrorObject): ParameterError {
  const known = Object.keys(schema.properties);
  if (error.keyword === 'additionalProperties' && error.instancePath === '') {
    const name = String(error.params['additionalProperty']);
    const guess = nearest(name, known);
    const hint = guess ? ` Did you mean "${guess}"?` : '';
    return new ParameterError(
      stage,
      name,
      `${stage} has no parameter "${name}".${hint} It takes ${known.join(', ')}.`
    );
  }
  const name =
    error.keyword === 'required'
      ? String(error.params['missingProperty'])
      : (error.instancePath.split('/')[1] ?? '');
  const rule = allowed(schema.properties[name]!);
  if (error.keyword === 'required') {
    return new ParameterError(stage, name, `${stage} needs the parameter "${name}": ${rule}.`);
  }
  const shown = JSON.stringify(error.data) ?? String(error.data);
  return new ParameterError(stage, name, `${stage}: ${name} must be ${rule}, not ${shown}.`);
}

const compiled = new WeakMap<TObject, ValidateFunction>();

/**
 * The parameters with every default filled in; the caller's object is left as it was.
 * @throws ParameterError naming the parameter and what it may be
 */
export function fillParameters<T>(stage: string, schema: TObject, given: unknown): T {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw new ParameterError(
      stage,
      '',
      `${stage}: parameters are given as an object, e.g. { ${Object.keys(schema.properties)[0]}: ... }.`
    );
  }
  // NaN and infinities pass JSON Schema's "number"; no parameter of ours means either.
  for (const [name, value] of Object.entries(given ?? {})) {
    if (typeof value === 'number' && !Number.isFinite(value) && name in schema.properties) {
      throw new ParameterError(
        stage,
        name,
        `${stage}: ${name} must be ${allowed(schema.properties[name]!)}, not ${value}.`
      );
    }
  }
  const filled = structuredClone(given ?? {});
  for (const key of Object.keys(filled)) {
    if ((filled as Record<string, unknown>)[key] === undefined)
      delete (filled as Record<string, unknown>)[key];
  }
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  if (!validate(filled)) {
    const errors = validate.errors ?? [];
    // A name that is not known explains a parameter that is missing, and the outermost error of a union its others.
    const first = (keyword: string): ErrorObject | undefined =>
      errors.find(error => error.keyword === keyword);
    throw explain(stage, schema, first('additionalProperties') ?? first('anyOf') ?? errors[0]!);
  }
  return filled as T;
}
