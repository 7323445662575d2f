/** A host as a kernel installs one, which keeps what it is told: for tests of what stages do inside a kernel. */
import { HOST, type Host, type JobEvent } from '../../common/host.js';
import type { ViewAnswer, ViewAnswerer, ViewQuestion } from '../../common/live.js';

export class FakeHost implements Host {
  readonly events: JobEvent[] = [];
  readonly interrupts = new Set<() => void>();
  answerer: ViewAnswerer | undefined;
  /** Called at each report. */
  onJob: (event: JobEvent) => void = () => {};

  job(event: JobEvent): void {
    this.events.push(event);
    this.onJob(event);
  }

  onInterrupt(listener: () => void): () => void {
    this.interrupts.add(listener);
    return () => void this.interrupts.delete(listener);
  }

  display(): void {}

  followCells(): void {}

  answerViews(answer: ViewAnswerer): void {
    this.answerer = answer;
  }

  ask(question: ViewQuestion): ReturnType<ViewAnswerer> {
    return this.answerer!(question);
  }

  /** The answer, which has to be ok. */
  async ok(question: ViewQuestion): Promise<Extract<ViewAnswer, { status: 'ok' }>> {
    const { answer } = await this.ask(question);
    if (answer.status !== 'ok') throw new Error(JSON.stringify(answer));
    return answer;
  }

  install(): this {
    (globalThis as unknown as Record<symbol, Host | undefined>)[HOST] = this;
    return this;
  }

  static remove(): void {
    delete (globalThis as unknown as Record<symbol, Host | undefined>)[HOST];
  }
}
