/** What has changed between two versions of a cell's code, in a few words. Says what the code says, not what it means. */
import {
  findStageCalls,
  readParameters,
  stageNamed,
  type Imports,
  type StageCall
} from '../stagecell/index.js';

/** Characters of a value, and changes that are named. */
const LONGEST = 40;
const MOST = 3;

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** Name of an input or a parameter -> the code or value that is given. */
function given(source: string, call: StageCall): Map<string, string> {
  const all = new Map<string, string>();
  for (const { port, code } of call.inputs) all.set(port, short(code));
  for (const [name, parameter] of readParameters(source, call)) {
    all.set(
      name,
      short('code' in parameter ? parameter.code : (JSON.stringify(parameter.value) ?? 'undefined'))
    );
  }
  return all;
}

function changesOf(before: string, old: StageCall, now: string, call: StageCall): string[] {
  const [was, is] = [given(before, old), given(now, call)];
  const schema = stageNamed(call.stage)?.params.properties ?? {};
  const unset = (name: string): string => {
    const value = schema[name]?.['default'];
    return value === undefined ? 'not given' : short(JSON.stringify(value));
  };
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(name => {
    const [from, to] = [was.get(name) ?? unset(name), is.get(name) ?? unset(name)];
    return from === to ? [] : [`${name} ${from} → ${to}`];
  });
}

/** "neighbors 20 → 30", or that the code has changed where it is more than what its stages are given. */
export function describeChange(before: string, now: string, imports?: Imports): string {
  const [old, calls] = [findStageCalls(before, imports), findStageCalls(now, imports)];
  const alike =
    calls.length > 0 &&
    old.length === calls.length &&
    calls.every(({ stage, output }, i) => old[i]!.stage === stage && old[i]!.output?.name === output?.name);
  const changes = alike ? calls.flatMap((call, i) => changesOf(before, old[i]!, now, call)) : [];
  if (changes.length === 0) return 'its code has changed';
  const more = changes.length - MOST;
  return changes.slice(0, MOST).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
