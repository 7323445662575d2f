/** Requests on the main thread that are neither cells nor comms: completion, inspection, history and so on. */
import type { Interpreter } from '../cell/index.js';
import type { Comms } from './comms.js';
import type { History } from './history.js';
import type { Request } from './port.js';
import type { Json } from './wire.js';

export interface RequestParts {
  interpreter: () => Interpreter;
  comms: Comms;
  history: History;
}

/** Jupyter counts a cursor in code points, JavaScript in UTF-16 units. */
function toUnits(source: string, codePoints: unknown): number {
  if (typeof codePoints !== 'number') return source.length;
  let units = 0;
  let left = codePoints;
  for (const character of source) {
    if (left-- <= 0) break;
    units += character.length;
  }
  return units;
}

const toCodePoints = (source: string, units: number): number => [...source.slice(0, units)].length;

/** Completion kinds as JupyterLab names them. */
const KINDS: Record<string, string> = {
  function: 'function',
  'local function': 'function',
  method: 'function',
  class: 'class',
  interface: 'interface',
  type: 'interface',
  module: 'module',
  keyword: 'keyword',
  property: 'property',
  getter: 'property',
  enum: 'enum'
};

function complete(content: Json, { interpreter }: RequestParts): Json {
  const source = String(content.code ?? '');
  const { matches, start, end } = interpreter().complete(source, toUnits(source, content.cursor_pos));
  const cursor_start = toCodePoints(source, start);
  const cursor_end = toCodePoints(source, end);
  const types = matches.map(({ text, type, signature, documentation }) => ({
    start: cursor_start,
    end: cursor_end,
    text,
    type: KINDS[type] ?? 'instance',
    ...(signature && { signature }),
    ...(documentation && { documentation })
  }));
  return {
    status: 'ok',
    matches: matches.map(match => match.text),
    cursor_start,
    cursor_end,
    metadata: { _jupyter_types_experimental: types }
  };
}

function inspect(content: Json, { interpreter }: RequestParts): Json {
  const source = String(content.code ?? '');
  const data = interpreter().inspect(source, toUnits(source, content.cursor_pos));
  return { status: 'ok', found: data !== undefined, data: data ?? {}, metadata: {} };
}

const ANSWERS: Record<string, (content: Json, parts: RequestParts) => Json> = {
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: (content, { interpreter }) => ({
    ...interpreter().completeness(String(content.code ?? ''))
  }),
  history_request: (content, { history }) => history.answer(content),
  comm_info_request: (content, { comms }) => comms.info(content.target_name)
};

/** @returns the reply's content; undefined when the message asks for no reply. */
export function answerRequest(request: Request, parts: RequestParts): Json | undefined {
  const type = request.header.msg_type;
  const answer = Object.hasOwn(ANSWERS, type) ? ANSWERS[type] : undefined;
  if (answer) return answer(request.content, parts);
  if (!type.endsWith('_request')) return undefined;
  return {
    status: 'error',
    ename: 'NotSupportedError',
    evalue: `this kernel does not support ${type}`,
    traceback: []
  };
}
