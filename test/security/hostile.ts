/** What a notebook from elsewhere might hold to do harm. Data alone: tests hand it to whatever reads notebooks. */
import { samples } from '../views/samples.js';

/** Runs nothing if it is only ever text; sets a flag of the window if it is ever markup or code. */
export const ATTACKS: readonly string[] = [
  '<img src=x onerror="window.hysimAttacked = 1">',
  '<script>window.hysimAttacked = 2</script>',
  '<svg onload="window.hysimAttacked = 3"><animate onbegin="window.hysimAttacked = 3"/></svg>',
  '<a href="javascript:window.hysimAttacked = 4" autofocus onfocus="window.hysimAttacked = 4">x</a>',
  'javascript:window.hysimAttacked = 5',
  '"><iframe srcdoc="<script>parent.hysimAttacked = 6</script>">',
  '${window.hysimAttacked = 7}',
  '\u202egnp.exe\u2066\u200b\u2060\ufeff\u0000\u0007 x',
  '\u{e0041} tagged, e\u0301\u0301\u0301\u0301'
];

const attack = (n: number): string => ATTACKS[n % ATTACKS.length]!;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Copies JSON, changing its leaves; `path` names where a leaf stands. */
function walk(value: Json, change: (leaf: Json, path: string) => Json, path = ''): Json {
  if (Array.isArray(value)) return value.map((one, i) => walk(one, change, `${path}/${i}`));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, walk(one, change, `${path}/${key}`)])
    );
  return change(value, path);
}

/** Deeper than this the server itself does not read a notebook. */
const DEPTH = 100;

export function nested(depth: number): string {
  return `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
}

/** Hostile payloads as JSON text, which can hold what an object literal cannot: an own key `__proto__`. */
export function hostilePayloads(): { name: string; json: string }[] {
  const all: { name: string; json: string }[] = [];
  const add = (name: string, data: Json): void => void all.push({ name, json: JSON.stringify(data) });
  for (const payload of samples()) {
    const data = JSON.parse(JSON.stringify(payload)) as { [key: string]: Json };
    let n = 0;
    // Bytes and the names that choose a shape stay, so that some of these are drawn with hostile words.
    const words = (leaf: Json, path: string): Json =>
      typeof leaf === 'string' &&
      !/\/(kind|data|type|label|scale|style|role|colour|key|stage|unit|verdict|state|format|mark|name|fold)$/.test(
        path
      )
        ? attack(n++)
        : leaf;
    add(`${payload.kind}: every word`, walk(data, words));
    add(
      `${payload.kind}: every text`,
      walk(data, leaf => (typeof leaf === 'string' && leaf !== payload.kind ? attack(n++) : leaf))
    );
    add(
      `${payload.kind}: numbers as words`,
      walk(data, leaf => (typeof leaf === 'number' && leaf !== 1 ? 'NaN' : leaf))
    );
    add(
      `${payload.kind}: huge numbers`,
      walk(data, (leaf, path) => (typeof leaf === 'number' && path !== '/version' ? 1e308 : leaf))
    );
    add(`${payload.kind}: a million rows`, { ...data, n: 1_000_000, shown: 1_000_000, total: 1_000_000 });
    const polluted = JSON.stringify(data).replace(
      /^\{/,
      '{"__proto__":{"polluted":1,"note":"x"},"constructor":{"prototype":{"polluted":1}},'
    );
    all.push({ name: `${payload.kind}: prototype keys`, json: polluted });
    add(`${payload.kind}: title of a megabyte`, { ...data, title: 'x'.repeat(1_000_000) });
  }
  all.push({ name: 'nested', json: `{"kind":"table","version":1,"title":${nested(DEPTH)}}` });
  all.push({ name: 'nested kind', json: `{"kind":${nested(DEPTH)}}` });
  for (const json of [
    'null',
    '[]',
    '"<b>"',
    '{"kind":"__proto__"}',
    '{"kind":"constructor"}',
    `{"kind":${JSON.stringify(attack(0))}}`
  ])
    all.push({ name: json, json });
  return all;
}
