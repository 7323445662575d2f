/** Finds nodes by what a person types: the title, a name that the cell makes, its code. Case does not matter. */
export interface Findable {
  readonly id: string;
  readonly title: string;
  readonly names: readonly string[];
  readonly source: string;
}

/** Those that hold every word, the best first: a name or a title that begins with what was typed comes before code. */
export function find(query: string, among: readonly Findable[]): readonly string[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  if (words.length === 0) return [];
  const ranked = among.flatMap(({ id, title, names, source }, at) => {
    const heads = [title, ...names].map(text => text.toLowerCase());
    const code = source.toLowerCase();
    let rank = 0;
    for (const word of words) {
      if (heads.some(head => head.startsWith(word))) continue;
      if (heads.some(head => head.includes(word))) rank += 1;
      else if (code.includes(word)) rank += 10;
      else return [];
    }
    return [{ id, rank, at }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.at - b.at).map(({ id }) => id);
}
