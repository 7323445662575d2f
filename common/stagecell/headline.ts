/** The stages that a cell calls, in a few words. */
import type { StageCall } from './find.js';
import { stageNamed } from './stages.js';

export function titleOfStage(stage: string): string {
  return stageNamed(stage)?.title ?? stage;
}

/** "Fine-tune ×2 + Certify" for the calls of one cell. @param title what a stage is called */
export function headline(
  calls: readonly StageCall[],
  title: (stage: string) => string = titleOfStage
): string {
  const counts = new Map<string, number>();
  for (const { stage } of calls) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  return [...counts].map(([stage, n]) => title(stage) + (n > 1 ? ` ×${n}` : '')).join(' + ');
}
