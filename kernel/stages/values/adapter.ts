/**
 * LoRA adapters as a part of a model, and the folder that they are saved as: one that Hugging Face's peft loads on
 * the base encoder. The head beside them is written by model.ts.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelError } from '../../../common/errors.js';
import { writeSafetensors, type LoraSpec, type ParameterLayout } from '../../onnx/index.js';

export interface AdapterParts {
  readonly spec: LoraSpec;
  /** Flat, in the layout below. */
  readonly parameters: Float32Array;
  /** peft's names and shapes. */
  readonly layout: ParameterLayout;
}

/** A part of a flat vector as the tensors of a safetensors file. */
export function tensorsOf(
  flat: Float32Array,
  layout: ParameterLayout
): Map<string, { shape: readonly number[]; data: Float32Array }> {
  return new Map(
    layout.map(({ name, shape, offset }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, data: flat.subarray(offset, offset + size) }];
    })
  );
}

/**
 * Writes adapter_config.json and adapter_model.safetensors, and what `more` writes beside them: the folder is there
 * whole or not at all. An adapter folder of the same name is replaced.
 * @throws ModelError when there is something else of that name
 */
export function saveAdapter(
  path: string,
  { spec, parameters, layout }: AdapterParts,
  base: string,
  more: (folder: string) => void
): void {
  const target = resolve(path);
  const exists = existsSync(target);
  if (exists && !existsSync(join(target, 'adapter_config.json'))) {
    throw new ModelError(
      target,
      `${target} is there already and is no adapter folder. A LoRA model is saved as a folder: give the name of a new one.`
    );
  }
  const mark = randomBytes(6).toString('hex');
  const beside = (end: string): string => join(dirname(target), `.${basename(target)}.${mark}.${end}`);
  const [temporary, old] = [beside('tmp'), beside('old')];
  mkdirSync(temporary, { recursive: true });
  try {
    const config = {
      peft_type: 'LORA',
      task_type: 'FEATURE_EXTRACTION',
      base_model_name_or_path: base,
      inference_mode: true,
      r: spec.rank,
      lora_alpha: spec.alpha,
      use_rslora: spec.rsLora ?? false,
      target_modules: spec.targetModules,
      lora_dropout: 0,
      bias: 'none',
      fan_in_fan_out: false,
      modules_to_save: null
    };
    writeFileSync(join(temporary, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
    writeSafetensors(join(temporary, 'adapter_model.safetensors'), tensorsOf(parameters, layout), {
      format: 'pt'
    });
    more(temporary);
    if (exists) renameSync(target, old);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}
