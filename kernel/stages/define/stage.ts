/** `defineStage`: from one specification and a run function to the function that a person calls. */
import type { Static, TObject } from '@sinclair/typebox';
import { InputError } from '../../../common/errors.js';
import type { InputSpec, StageSpec } from '../../../common/stage.js';
import type { Tuning, Value } from '../values/value.js';
import { throughCache, type Keeping, type KnownInputs, type Plannable } from '../cache/index.js';
import type { Hashable } from '../../store/index.js';
import { isBypassed } from './bypass.js';
import { runJob, type Job } from './job.js';
import { fillParameters } from './validate.js';

/** What `run` receives: every parameter present, defaults filled in. */
export type Filled<P extends TObject> = { [K in keyof Static<P>]-?: Exclude<Static<P>[K], undefined> };

/** The function of a stage. A stage without inputs takes its parameters alone. */
export interface Stage<I, P, O> {
  (...args: keyof I extends never ? [params: P] : [inputs: I, params?: P]): Promise<O>;
  readonly spec: StageSpec;
}

interface Definition<I, P extends TObject, O extends Value> extends Omit<StageSpec<P>, 'inputs'> {
  inputs: { readonly [K in keyof I]-?: InputSpec };
  run(inputs: I, params: Filled<P>, job: Job): Promise<O>;
  /** What it gives with `bypass: true` (bypassParameter), in place of what `run` would. */
  bypass?(inputs: I, job: Job): Promise<O>;
  /**
   * Whether results are kept and used again for the same version, parameters and inputs: for a stage that depends on
   * nothing else, and whose version is raised with its code.
   */
  cache?: boolean;
  /** Content of what it reads beside its inputs, e.g. files: part of the key. */
  outside?(inputs: KnownInputs, params: Filled<P>): Promise<Hashable>;
  /** Parameters that only say where something is whose content `outside` tells. */
  places?: readonly (string & keyof Static<P>)[];
  /** Which parameters a view of the result can try others of, and how. */
  tune?: {
    names: readonly (string & keyof Static<P>)[];
    /**
     * `made` as it would be with other parameters, on folds F and C alone: good to be drawn. Opens no fold, keeps
     * nothing. @param made what `run` returned @param own the parameters that it was made with
     */
    probe(made: O, params: Filled<P>, own: Filled<P>, signal: AbortSignal): Promise<O>;
    /** Told of a value that was read from the cache and not made by `run`. */
    again?(made: O, own: Filled<P>): void;
  };
}

function checkInputs(name: string, specs: Readonly<Record<string, InputSpec>>, given: unknown): void {
  const ports = Object.keys(specs);
  const usage = `${name}({ ${ports.join(', ')} }, { ... })`;
  if (typeof given !== 'object' || given === null) {
    throw new InputError(name, '', `${name} takes its inputs as an object first: ${usage}.`);
  }
  for (const port of Object.keys(given)) {
    if (!(port in specs)) {
      throw new InputError(
        name,
        port,
        `${name} has no input "${port}". Its inputs are ${ports.join(', ')}: ${usage}.`
      );
    }
  }
  const owners = new Map<string, string>();
  for (const [port, spec] of Object.entries(specs)) {
    const value = (given as Record<string, Value | undefined>)[port];
    if (value === undefined) {
      if (spec.optional) continue;
      throw new InputError(name, port, `${name} needs the input "${port}" (${spec.description}): ${usage}.`);
    }
    const kind = (value as { kind?: unknown } | null)?.kind;
    if (kind !== spec.kind) {
      const got =
        kind instanceof Promise || value instanceof Promise
          ? 'a promise: put `await` before the stage that makes it'
          : `${String(kind ?? typeof value)}`;
      throw new InputError(
        name,
        port,
        `${name}: the input "${port}" must be a value of kind "${spec.kind}", not ${got}.`
      );
    }
    if (value.dataId !== undefined) owners.set(port, value.dataId);
  }
  const [first, ...rest] = owners;
  const other = rest.find(([, id]) => id !== first![1]);
  if (other) {
    throw new InputError(
      name,
      other[0],
      `${name}: the inputs "${first![0]}" and "${other[0]}" come from different splits. Make both from the same data, or run the stages before this one again.`
    );
  }
}

/** What a plan needs to know of a stage, by the stage's function. */
const plannable = new WeakMap<object, Plannable>();

/** Undefined for a function that `defineStage` did not make. */
export function plannableOf(stage: object): Plannable | undefined {
  return plannable.get(stage);
}

/** Ids of the inputs by port, for the record of how a value was made. */
function idsOf(inputs: Readonly<Record<string, Value | undefined>>): Record<string, string> {
  const given = Object.entries(inputs).flatMap(([port, input]) => (input ? [[port, input.id] as const] : []));
  return Object.fromEntries(given);
}

/**
 * Makes a stage's function. The types of inputs, parameters and result come from the definition.
 *
 * The function raises InputError, ParameterError, or whatever its `run` raises; it never returns half a value.
 */
export function defineStage<I extends object, P extends TObject, O extends Value>(
  definition: Definition<I, P, O>
): Stage<I, Static<P>, O> {
  const { run, bypass, tune, cache, outside, places, ...rest } = definition;
  // A parameter that a stage does not know is a mistake, and the form's schema says so too.
  const spec = { ...rest, params: { ...rest.params, additionalProperties: false } };
  const specs = spec.inputs as Readonly<Record<string, InputSpec>>;
  const hasInputs = Object.keys(specs).length > 0;
  const keeping: Keeping<Filled<P>> | undefined = cache
    ? {
        stage: spec.name,
        version: spec.version,
        places,
        // What is left out reads nothing.
        outside: async (known, params) =>
          isBypassed(params) ? null : ((await outside?.(known, params)) ?? null)
      }
    : undefined;
  const tuningOf = (made: O, own: Filled<P>, params: Filled<P> = own): Tuning | undefined => {
    // Where nothing was fitted there is nothing to try.
    if (!tune || isBypassed(own)) return undefined;
    return {
      stage: spec.name,
      params,
      names: tune.names,
      async probe(changes, signal) {
        const tried = fillParameters<Filled<P>>(spec.name, spec.params, { ...params, ...changes });
        const value = await tune.probe(made, tried, own, signal);
        return value.setTuning(tuningOf(made, own, tried)!);
      }
    };
  };
  const call = async (...args: unknown[]): Promise<O> => {
    const inputs = hasInputs ? args[0] : {};
    checkInputs(spec.name, specs, inputs);
    const params = fillParameters<Filled<P>>(spec.name, spec.params, hasInputs ? args[1] : args[0]);
    const given = inputs as Record<string, Value | undefined>;
    return runJob(spec.name, async (job, record) => {
      const make = async (): Promise<O> => {
        const started = performance.now();
        const time = new Date().toISOString();
        const value =
          bypass && isBypassed(params) ? await bypass(inputs as I, job) : await run(inputs as I, params, job);
        return value.setProvenance({
          stage: spec.name,
          version: spec.version,
          params,
          inputs: idsOf(given),
          seed: (params as { seed?: number }).seed,
          deterministic: spec.deterministic && record.endedEarly === undefined,
          endedEarly: record.endedEarly,
          time,
          seconds: (performance.now() - started) / 1000
        });
      };
      const { deterministic } = spec;
      const value = keeping
        ? await throughCache({ keeping, deterministic, inputs: given, params, job, record, run: make })
        : await make();
      if (value.provenance?.cached && !isBypassed(params)) tune?.again?.(value, params);
      const tuning = tuningOf(value, params);
      return tuning ? value.setTuning(tuning) : value;
    });
  };
  Object.defineProperty(call, 'name', { value: spec.name });
  plannable.set(call, {
    name: spec.name,
    params: spec.params,
    keeping: keeping as Plannable['keeping']
  });
  return Object.assign(call, { spec: spec as unknown as StageSpec }) as unknown as Stage<I, Static<P>, O>;
}
