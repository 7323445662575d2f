/** Questions of a front end, checked: they come over a wire, so their types promise nothing. */
import { MOST_ROWS, type ViewQuestion } from '../../../common/live.js';

class BadQuestion extends Error {}

function text(question: Record<string, unknown>, name: string): string {
  const value = question[name];
  if (typeof value === 'string' && value.length > 0 && value.length <= 4000) return value;
  throw new BadQuestion(`A question "${String(question.op)}" needs a text "${name}".`);
}

function rowsOf({ rows }: Record<string, unknown>): number[] {
  const whole = (row: unknown): row is number => Number.isSafeInteger(row) && (row as number) >= 0;
  if (!Array.isArray(rows) || !rows.every(whole))
    throw new BadQuestion('A question "rows" needs a list "rows" of row numbers.');
  if (rows.length > MOST_ROWS)
    throw new BadQuestion(`A question "rows" asks for at most ${MOST_ROWS} rows, not ${rows.length}.`);
  return rows;
}

function paramsOf({ params }: Record<string, unknown>): Record<string, unknown> {
  if (typeof params === 'object' && params !== null && !Array.isArray(params))
    return params as Record<string, unknown>;
  throw new BadQuestion('A question "probe" needs an object "params".');
}

/** The question, or in words why it is none. */
export function readQuestion(given: unknown): ViewQuestion | { reason: string } {
  const question = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  try {
    switch (question.op) {
      case 'know':
      case 'whole':
        return { op: question.op, key: text(question, 'key') };
      case 'rows':
        return { op: 'rows', key: text(question, 'key'), rows: rowsOf(question) };
      case 'probe':
        return { op: 'probe', key: text(question, 'key'), params: paramsOf(question) };
      case 'finish':
        return { op: 'finish', job: text(question, 'job') };
      default:
        throw new BadQuestion(
          `A view can ask know, whole, rows, probe or finish, not ${JSON.stringify(question.op) ?? 'nothing'}.`
        );
    }
  } catch (error) {
    if (error instanceof BadQuestion) return { reason: error.message };
    throw error;
  }
}
