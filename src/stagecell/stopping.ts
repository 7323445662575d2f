/** What a header's stop button does next: ask a training for the best that it has, or stop at once. Draws nothing. */

export class Stopping {
  private finishable: string | undefined;
  private asked: string | undefined;

  /** @param canFinish whether anybody passes the asking on */
  constructor(private readonly canFinish: boolean) {}

  /** The running job that can be asked to end, if any. */
  set job(id: string | undefined) {
    this.finishable = this.canFinish ? id : undefined;
  }

  /** The running job was asked and has not ended yet. */
  get ending(): boolean {
    return this.finishable !== undefined && this.finishable === this.asked;
  }

  /** The job to ask on this press; undefined when this press is to stop at once. */
  press(): string | undefined {
    if (this.finishable === undefined || this.ending) return undefined;
    this.asked = this.finishable;
    return this.asked;
  }

  /** The button's name and its longer tooltip, for the stages of the cell. */
  words(stages: string): { name: string; title: string } {
    if (this.finishable !== undefined && !this.ending) {
      const name = 'Stop training and keep the best epoch so far';
      return { name, title: `${name}; press again to stop at once` };
    }
    return { name: `Stop ${stages}`, title: `Stop ${stages} and keep every variable` };
  }
}
