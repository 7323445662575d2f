/**
 * What a stage declares about itself. From this one specification come the function, its validation, the
 * schema behind its form, its palette entry and its reference page.
 */
import type { TObject } from '@sinclair/typebox';

/** The kinds of value that stages pass to each other. */
export type ValueKind =
  'tables' | 'samples' | 'data' | 'space' | 'denoised' | 'weights' | 'model' | 'report' | 'certificate';

export interface InputSpec {
  kind: ValueKind;
  description: string;
  optional?: boolean;
}

export interface StageSpec<P extends TObject = TObject> {
  name: string;
  /** Raised when the stage's results change for the same inputs and parameters. */
  version: number;
  title: string;
  description: string;
  inputs: Readonly<Record<string, InputSpec>>;
  output: ValueKind;
  params: P;
  /** The same inputs, parameters and seed give the same bits. */
  deterministic: boolean;
}
