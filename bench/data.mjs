// Made data for benches: float32 rows around clusters, each cluster a curved patch of a few dimensions with noise in all
// columns, as embeddings are. Same seed, same rows.
const { Random } = await import(new URL('../lib/common/random.js', import.meta.url).href);

/**
 * @param {{ rows: number, columns: number, clusters?: number, latent?: number, noise?: number, seed?: number }} options
 * @returns {Float32Array} [rows, columns]
 */
export function clusteredRows({ rows, columns, clusters = 60, latent = 10, noise = 0.02, seed = 0 }) {
  const random = new Random(seed);
  const normals = (length, scale) => Float32Array.from({ length }, () => scale * random.normal());
  const each = Array.from({ length: clusters }, () => ({
    centre: normals(columns, 1 / Math.sqrt(columns)),
    axes: normals(2 * latent * columns, 0.5 / Math.sqrt(columns))
  }));
  const x = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const { centre, axes } = each[random.integer(clusters)];
    const row = x.subarray(i * columns, (i + 1) * columns);
    row.set(centre);
    for (let l = 0; l < latent; l++) {
      const t = random.normal();
      const bend = 0.3 * (t * t - 1);
      for (let j = 0, a = 2 * l * columns, b = a + columns; j < columns; j++, a++, b++)
        row[j] += t * axes[a] + bend * axes[b];
    }
    for (let j = 0; j < columns; j++) row[j] += noise * random.normal();
  }
  return x;
}
