/** The line of a notebook's views to its kernel (common/live.ts). Draws nothing and keeps no value. */
import type { Kernel } from '@jupyterlab/services';
import { VIEWS_TARGET, type ViewAnswer, type ViewQuestion } from '../../common/live.js';
import { Line } from './line.js';
import { readViewReply } from './reply.js';

export interface Answered {
  readonly answer: ViewAnswer;
  readonly buffers: readonly ArrayBuffer[];
}

/** What a kernel answers that is not there. */
export const GONE: Answered = { answer: { status: 'gone' }, buffers: [] };

export class ViewLink extends Line<ViewQuestion, Answered> {
  constructor(kernel: Kernel.IKernelConnection) {
    super(kernel, {
      target: VIEWS_TARGET,
      gone: GONE,
      answer(data, buffers) {
        const reply = readViewReply(data);
        return reply && { request: reply.request, answer: { answer: reply.answer, buffers } };
      }
    });
  }
}
