/**
 * What was fitted for the parameters that a view has tried, so that coming back to them costs nothing: the value's own
 * fit, and the newest of the others.
 */
export class Fits<T> {
  private readonly fits = new Map<string, T>();

  /** @param most fits that are kept beside the first, which is the value's own */
  constructor(private readonly most: number) {}

  get(key: string): T | undefined {
    return this.fits.get(key);
  }

  add(key: string, fit: T): void {
    this.fits.set(key, fit);
    if (this.fits.size > this.most + 1) this.fits.delete([...this.fits.keys()][1]!);
  }
}
