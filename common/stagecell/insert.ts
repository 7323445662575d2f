/** The code of a new stage cell, as a person would write it. Inserts nothing: it returns text. */
import { DEFAULT_NAME, importsLibrary } from './imports.js';
import { writeLiteral } from './literals.js';
import { LIBRARY } from './parse.js';
import type { JsonSchema, StageData } from './spec.js';
import { stageNamed } from './stages.js';
import { fillInputs, readNotebook, type Made, type NotebookCode } from './variables.js';

/** What an analysis usually calls a stage's result; a stage that is not here names it after its kind. */
const OUTPUT_NAMES: Readonly<Record<string, string>> = {
  simulate: 'simulated',
  denoise: 'clean',
  review: 'decided',
  finetune: 'model',
  evaluate: 'evaluation',
  certify: 'proof'
};

/** What a required parameter starts as: the sample's own values, which run as they stand. */
const SUGGESTED: Readonly<Record<string, string>> = {
  'load.path': '"data/pk-sample"',
  'split.source': '{ table_kind: "nca" }',
  'split.target': '{ table_kind: "poppk" }'
};

const IMPORT = `import * as ${DEFAULT_NAME} from "${LIBRARY}";`;

/** The smallest value that a schema lets pass, as code. */
function anyValue(schema: JsonSchema | undefined): string {
  if (!schema) return 'undefined';
  if ('default' in schema) return JSON.stringify(schema['default']);
  if ('const' in schema) return JSON.stringify(schema['const']);
  const options = schema['anyOf'] as JsonSchema[] | undefined;
  if (options?.[0]) return anyValue(options[0]);
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return String(schema['minimum'] ?? schema['maximum'] ?? 1);
    case 'boolean':
      return 'false';
    case 'array':
      return Number(schema['minItems'] ?? 0) > 0 ? `[${anyValue(schema['items'] as JsonSchema)}]` : '[]';
    case 'object':
      return '{}';
    case 'null':
      return 'null';
    default:
      return '"..."';
  }
}

function object(entries: readonly string[]): string {
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}

function freshName(stage: StageData, filled: ReadonlyMap<string, Made>, names: ReadonlySet<string>): string {
  // A model trained without weights is what weighted ones are compared with.
  const plain = stage.name === 'finetune' && !filled.has('weights') && !names.has('base');
  const base = plain ? 'base' : (OUTPUT_NAMES[stage.name] ?? stage.output);
  let name = base;
  for (let i = 2; names.has(name); i++) name = `${base}${i}`;
  return name;
}

function callee(stage: StageData, code: NotebookCode): string {
  const namespace = code.imports.namespaces[0];
  if (namespace !== undefined) return `${namespace}.${stage.name}`;
  for (const [local, name] of code.imports.stages) if (name === stage.name) return local;
  return `${DEFAULT_NAME}.${stage.name}`;
}

/** Parameters that a person has chosen for new cells, where they say something: known, and not the default. */
function chosen(stage: StageData, wanted: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const schema = stage.params.properties[name];
    if (!schema || value === undefined || value === '' || schema['default'] === value) return [];
    const code = writeLiteral(value, '"');
    return code === undefined ? [] : [`${name}: ${code}`];
  });
}

/**
 * The code of a cell that calls `stage` on the latest variables that fit, shows its result, and imports the library
 * where no cell does. An input that nothing above can fill is written as its port's name: the code then says what it
 * lacks.
 * @param wanted values of optional parameters, written where they are not the default
 * @param first the variable that it must take
 */
export function stageCode(
  stage: StageData,
  code: NotebookCode,
  wanted: Readonly<Record<string, unknown>> = {},
  first?: Made
): string {
  const filled = fillInputs(stage, code, first) ?? new Map<string, Made>();
  const ports = Object.entries(stage.inputs).filter(([port, spec]) => filled.has(port) || !spec.optional);
  const inputs = ports.map(([port]) => {
    const name = filled.get(port)?.name ?? port;
    return name === port ? port : `${port}: ${name}`;
  });
  const required = (stage.params.required ?? []).map(
    name => `${name}: ${SUGGESTED[`${stage.name}.${name}`] ?? anyValue(stage.params.properties[name])}`
  );
  const params = [...required, ...chosen(stage, wanted)];
  const name = freshName(stage, filled, new Set([...code.names, ...code.imports.namespaces]));
  const called = callee(stage, code);
  const given = [...(Object.keys(stage.inputs).length > 0 ? [object(inputs)] : []), object(params)];
  const oneLine = `const ${name} = await ${called}(${given.join(', ')});`;
  const call =
    oneLine.length <= 100
      ? oneLine
      : `const ${name} = await ${called}(\n${given.map(part => `  ${part}`).join(',\n')}\n);`;
  const known = importsLibrary(code.imports) && (code.imports.namespaces.length > 0 || !called.includes('.'));
  return [...(known ? [] : [IMPORT, '']), call, name].join('\n');
}

/** The cells of a new analysis: the import, and its first stages on the sample tables. */
export function analysisCells(): string[] {
  const cells = [IMPORT];
  for (const name of ['load', 'samples', 'split']) {
    const stage = stageNamed(name);
    if (stage) cells.push(stageCode(stage, readNotebook(cells)));
  }
  return cells;
}
