/** Answers what the front end asks of living views (common/live.ts). A question never changes a value or a ledger. */
import { currentHost, type Host } from '../../../common/host.js';
import type { ViewAnswer, ViewAnswerer, ViewQuestion } from '../../../common/live.js';
import { takeApart } from '../../../common/views/whole.js';
import { finishJob } from './finishers.js';
import { probeView } from './probes.js';
import { readQuestion } from './question.js';
import { findView, type LiveView } from './registry.js';
import { tellRows } from './rows.js';
import { liveOf } from './tune.js';

type Answered = Awaited<ReturnType<ViewAnswerer>>;

const failed = (message: string): ViewAnswer => ({ status: 'error', message });

async function answerView(view: LiveView, question: ViewQuestion): Promise<Answered> {
  const { key, value, draw } = view;
  switch (question.op) {
    case 'whole': {
      const { payload, buffers } = takeApart({ ...draw(value, 'all'), live: liveOf(key, value) });
      return { answer: { status: 'ok', payload }, buffers };
    }
    case 'rows': {
      const { told } = value;
      if (!told) return { answer: failed('This view draws no rows of data.') };
      return { answer: { status: 'ok', rows: tellRows(told, question.rows) } };
    }
    case 'probe':
      return { answer: await probeView(view, question.params) };
    default:
      return { answer: { status: 'ok' } };
  }
}

/** Whatever it is asked, it answers: a question that is no question with an error in words. */
export const answer: ViewAnswerer = async given => {
  const question = readQuestion(given);
  if ('reason' in question) return { answer: failed(question.reason) };
  if (question.op === 'finish') return { answer: { status: finishJob(question.job) ? 'ok' : 'gone' } };
  const view = findView(question.key);
  if (!view) return { answer: { status: 'gone' } };
  try {
    return await answerView(view, question);
  } catch (error) {
    return { answer: failed(error instanceof Error ? error.message : String(error)) };
  }
};

let connected: Host | undefined;

/** From now on the program's host, where there is one, has its views answered here. */
export function answerLiveViews(): void {
  const host = currentHost();
  if (host === undefined || host === connected) return;
  connected = host;
  host.answerViews(answer);
}
