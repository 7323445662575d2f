/** A stage's specification as plain data, for a front end that cannot load the kernel. Holds none itself. */
import type { InputSpec, ValueKind } from '../stage.js';

/** A JSON schema, as TypeBox writes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ParameterSchema {
  readonly type: string;
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

export interface StageData {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly output: ValueKind;
  readonly params: ParameterSchema;
  readonly deterministic: boolean;
}
