/** The known name that a mistyped one was probably meant to be, or nothing. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const distance = (a: string, b: string): number => {
    let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        const swap = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
        row.push(Math.min(swap, previous[j]! + 1, row[j - 1]! + 1));
      }
      previous = row;
    }
    return previous[b.length]!;
  };
  const scored = known
    .map(candidate => ({ candidate, d: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.d - b.d);
  const best = scored[0];
  return best && best.d <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}
