/** Orthonormal rows, in which simulated laws lay their manifold. */
import type { Random } from '../../../common/random.js';

/** [d, d] orthonormal rows: Gram-Schmidt on a Gaussian matrix, twice for accuracy. */
export function orthonormal(d: number, random: Random): Float64Array {
  const basis = Float64Array.from({ length: d * d }, () => random.normal());
  for (let i = 0; i < d; i++) {
    const row = basis.subarray(i * d, (i + 1) * d);
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        let dot = 0;
        for (let p = 0; p < d; p++) dot += row[p] * basis[j * d + p];
        for (let p = 0; p < d; p++) row[p] -= dot * basis[j * d + p];
      }
    const norm = Math.hypot(...row);
    for (let p = 0; p < d; p++) row[p] /= norm;
  }
  return basis;
}

/** into[at ... at + d) += factor times row j of the basis. */
export function addRow(
  basis: Float64Array,
  d: number,
  j: number,
  factor: number,
  into: Float64Array,
  at: number
): void {
  for (let p = 0; p < d; p++) into[at + p] += factor * basis[j * d + p];
}
