/** What stages do, take and make, in words, from their specifications: without a kernel too. */
import { stageNamed } from '../../../common/stagecell/index.js';

function line(term: string, words: string): HTMLElement {
  const node = document.createElement('div');
  const name = document.createElement('span');
  name.className = 'hs-Form-term';
  name.textContent = term;
  node.append(name, ` ${words}`);
  return node;
}

/** A paragraph for each stage, once. */
export function aboutStages(names: readonly string[]): HTMLElement[] {
  return [...new Set(names)].flatMap(name => {
    const stage = stageNamed(name);
    if (!stage) return [];
    const inputs = Object.entries(stage.inputs).map(([port, { description, optional }]) =>
      line(port, `${description}${optional ? ', if given' : ''}`)
    );
    const node = document.createElement('div');
    node.append(line(stage.title, stage.description), ...inputs, line('makes', stage.output));
    return [node];
  });
}
