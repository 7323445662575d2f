/**
 * The list of all tasks. Adding one here makes it known to the engine's worker and, with its types, to
 * `engine().run`.
 */
import { EngineError } from '../../../common/errors.js';
import type { Task } from '../task.js';
import { denoise } from './denoise.js';
import { embed } from './embed.js';
import { gibbs } from './gibbs.js';
import { headForward } from './head-forward.js';
import { loraForward } from './lora-forward.js';
import { oracle } from './oracle.js';
import { picture } from './picture.js';
import { project } from './project.js';
import { trainHead } from './train-head.js';
import { trainLora } from './train-lora.js';
import { weigh } from './weigh.js';

const tasks = [
  embed,
  picture,
  project,
  denoise,
  weigh,
  trainHead,
  headForward,
  gibbs,
  trainLora,
  loraForward,
  oracle
] as const;

type Registered = (typeof tasks)[number];
export type TaskName = Registered['name'];
type Named<K extends TaskName> = Extract<Registered, { name: K }>;
export type TaskInput<K extends TaskName> = Parameters<Named<K>['run']>[0];
export type TaskOutput<K extends TaskName> = Awaited<ReturnType<Named<K>['run']>>;

/** The task of this name. Throws EngineError when there is none. */
export function findTask(name: string): Task<string, unknown, unknown> {
  const task = tasks.find(candidate => candidate.name === name);
  if (task) return task as Task<string, unknown, unknown>;
  throw new EngineError(
    `The engine has no task ${name}; it has ${tasks.map(({ name }) => name).join(', ')}.`
  );
}
