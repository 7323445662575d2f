// Progress for people: one line a step, with the seconds that it took. On a terminal the line counts while a
// step runs; in a log it is written once, with a dot every ten seconds so that a long step is seen to live.

/** @param {number} ms */
export function seconds(ms) {
  const s = ms / 1000;
  return s < 60
    ? `${s.toFixed(1)} s`
    : `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, '0')} s`;
}

export class Progress {
  #out;
  #total;
  #number = 0;

  /**
   * @param {number} total steps to come
   * @param {NodeJS.WritableStream & { isTTY?: boolean }} [out]
   */
  constructor(total, out = process.stdout) {
    this.#out = out;
    this.#total = total;
  }

  /**
   * Begins a step's line.
   * @param {string} title
   * @returns {(result: string) => void} ends the line; called once. Time is added where the step took any.
   */
  begin(title) {
    const start = performance.now();
    const line = `[${++this.#number}/${this.#total}] ${title} `;
    this.#out.write(line);
    const timer = this.#out.isTTY
      ? setInterval(
          () => this.#out.write(`\r${line}${Math.floor((performance.now() - start) / 1000)} s`),
          1000
        )
      : setInterval(() => this.#out.write('.'), 10_000);
    timer.unref();
    return result => {
      clearInterval(timer);
      const elapsed = performance.now() - start;
      const text = elapsed < 50 ? result : `${result} (${seconds(elapsed)})`;
      this.#out.write(this.#out.isTTY ? `\r\x1b[K${line}${text}\n` : ` ${text}\n`);
    };
  }
}
