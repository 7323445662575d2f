/** What betting bounds share (theory.md 2.2): how large bets are, and bisection for the value where they stop to win. */

/**
 * Bets sqrt(2 threshold / n variance), each by the variance of the values before it alone, which keeps the game fair.
 * @param values what is bet on, in a fixed order
 * @param first mean and variance that stand in for values before the first, never from these values
 */
export function betSizes(
  values: Float64Array,
  first: { mean: number; variance: number },
  threshold: number
): Float64Array {
  const n = values.length;
  const bets = new Float64Array(n);
  let sum = first.mean;
  let squares = first.variance;
  let variance = first.variance;
  for (let i = 0; i < n; i++) {
    bets[i] = Math.sqrt((2 * threshold) / (n * Math.max(variance, 1e-12)));
    sum += values[i];
    squares += (values[i] - sum / (i + 2)) ** 2;
    variance = squares / (i + 2);
  }
  return bets;
}

/** Halves [low, high] so many times: the part in which `isLow`, true at low and false at high, changes. */
export function bisect(
  low: number,
  high: number,
  steps: number,
  isLow: (middle: number) => boolean
): [low: number, high: number] {
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (isLow(middle)) low = middle;
    else high = middle;
  }
  return [low, high];
}
