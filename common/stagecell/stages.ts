/** The stages by name. Their specifications are made from kernel/stages (specs.generated.ts). */
import type { StageData } from './spec.js';
import { STAGES } from './specs.generated.js';

const byName = new Map(STAGES.map(stage => [stage.name, stage]));

export function stageNamed(name: string): StageData | undefined {
  return byName.get(name);
}

/** The stages whose output is of this kind. */
export function makersOf(kind: string): readonly StageData[] {
  return STAGES.filter(stage => stage.output === kind);
}
