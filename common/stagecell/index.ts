/** Stage cells as code: which stages a cell calls, and the code of a new one. Knows no screen and no kernel. */
export { editParameters, type Changes, type Refusal } from './edit.js';
export { findStageCalls, type Range, type StageArgument, type StageCall } from './find.js';
export {
  differences,
  readForm,
  valueInWords,
  type CallForm,
  type Difference,
  type FormParameter
} from './form.js';
export { headline, titleOfStage } from './headline.js';
export { editInput } from './inputs.js';
export { importsLibrary, readImports, type Imports } from './imports.js';
export { analysisCells, stageCode } from './insert.js';
export { readParameters, type Parameter } from './parameters.js';
export { pathKind, type PathKind } from './paths.js';
export { callThatMade, shownVariable, type Place } from './place.js';
export { applyEdits, type Edit } from './patch.js';
export { LIBRARY } from './parse.js';
export {
  fillInputs,
  missingInputs,
  readNotebook,
  whyApart,
  type Made,
  type Missing,
  type NotebookCode
} from './variables.js';
export { makersOf, stageNamed } from './stages.js';
export { type JsonSchema, type ParameterSchema, type StageData } from './spec.js';
export { STAGES } from './specs.generated.js';
export { topLevel } from './toplevel.js';
export { unknownStages } from './unknown.js';
