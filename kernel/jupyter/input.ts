/** Questions to the person on the stdin channel: one at a time, in the order they were asked. */
import { KeyboardInterrupt } from '../cell/index.js';
import type { Outbox } from './outbox.js';
import type { Request } from './port.js';

interface Question {
  prompt: string;
  password: boolean;
  resolve(line: string): void;
  reject(error: Error): void;
}

export class Input {
  private readonly questions: Question[] = [];
  /** The running cell's request; null when no cell runs. */
  private request: Request | null = null;

  constructor(private readonly outbox: Outbox) {}

  begin(request: Request): void {
    this.request = request;
  }

  /** The cell has ended: nobody waits for answers any more. */
  end(): void {
    this.request = null;
    for (const question of this.questions.splice(0)) question.reject(new KeyboardInterrupt('the cell ended'));
  }

  ask(prompt: string, password: boolean): Promise<string> {
    if (!this.request || this.request.content.allow_stdin !== true)
      return Promise.reject(
        new Error('input needs a person: this cell runs where nobody can be asked, or outside a cell')
      );
    return new Promise((resolve, reject) => {
      this.questions.push({ prompt, password, resolve, reject });
      if (this.questions.length === 1) this.show();
    });
  }

  private show(): void {
    const question = this.questions[0];
    if (question && this.request)
      this.outbox.ask(this.request, { prompt: question.prompt, password: question.password });
  }

  answer(request: Request): void {
    const question = this.questions.shift();
    question?.resolve(String(request.content.value ?? ''));
    this.show();
  }
}
