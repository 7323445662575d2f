/**
 * Answers the views of the front end: one comm a page, whose questions go to whoever knows the values (the stages,
 * once a cell has loaded them). Knows no value and no stage; a question that nobody can answer is answered "gone".
 */
import type { ViewAnswer, ViewAnswerer, ViewQuestion, ViewReply } from '../../common/live.js';
import { VIEWS_TARGET } from '../../common/live.js';
import type { Comm, CommMessage } from '../cell/index.js';
import type { Comms } from './comms.js';

export class ViewsChannel {
  answerer: ViewAnswerer | undefined;

  constructor(
    comms: Comms,
    private readonly complain: (error: unknown) => void
  ) {
    comms.registerTarget(VIEWS_TARGET, comm => {
      comm.onMessage = message => void this.answer(comm, message);
    });
  }

  private async answer(comm: Comm, { data }: CommMessage): Promise<void> {
    const { request, ...question } = data;
    let answer: ViewAnswer = { status: 'gone' };
    let buffers: readonly ArrayBufferView[] = [];
    try {
      const found = await this.answerer?.(question as ViewQuestion);
      if (found) ({ answer, buffers = [] } = found);
    } catch (error) {
      this.complain(error);
      answer = { status: 'error', message: error instanceof Error ? error.message : String(error) };
    }
    const reply = { ...answer, request: request as string } satisfies ViewReply;
    if (!comm.closed) comm.send(reply, buffers);
  }
}
