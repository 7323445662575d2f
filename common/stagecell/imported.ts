/** The names that a cell takes from modules: what others read of them is a library, and no result. */
import { parseCell } from './parse.js';

export function importedNames(source: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!source.includes('import')) return names;
  parseCell(source).iterate({
    enter({ name, from, to, node }) {
      if (name !== 'VariableDefinition') return;
      let above = node.parent;
      while (above && above.name !== 'ImportDeclaration') above = above.parent;
      if (above) names.add(source.slice(from, to));
    }
  });
  return names;
}
