/** What the stage calls of a notebook would take from each other and be given, as far as the code tells. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { planCalls, type CallPlan } from '../../common/dataflow/index.js';

const plan = (...sources: string[]): CallPlan[] =>
  planCalls([
    { id: 'i', source: 'import * as hysim from "hysim-lab";' },
    ...sources.map((source, i) => ({ id: `c${i}`, source }))
  ]);

const DATA = 'const data = await hysim.simulate({ seed: 1 });';

test('calls follow each other from maker to reader, wherever their cells stand', () => {
  const calls = plan('const space = await hysim.embed({ data }, { encoder: "vectors" });', DATA);
  assert.deepEqual(calls, [
    { cell: 'c1', stage: 'simulate', inputs: {}, params: { seed: 1 } },
    { cell: 'c0', stage: 'embed', inputs: { data: { step: 0 } }, params: { encoder: 'vectors' } }
  ]);
});

test('calls of one cell take what the call before has made', () => {
  const [, space, clean] = plan(
    `${DATA}\nconst space = await hysim.embed({ data });\nconst clean = await hysim.denoise({ space });`
  );
  assert.deepEqual(space?.inputs, { data: { step: 0 } });
  assert.deepEqual(clean?.inputs, { space: { step: 1 } });
});

test('what code computes is unknown: parameters, inputs, spreads', () => {
  const params = (source: string): CallPlan['params'] => plan(source)[0]?.params;
  assert.equal(params('const data = await hysim.simulate({ seed: n });'), undefined);
  assert.equal(params('const data = await hysim.simulate(settings);'), undefined);
  assert.equal(params('const data = await hysim.simulate({ ...settings, seed: 1 });'), undefined);
  assert.deepEqual(params('const space = await hysim.embed({ data });'), {});
  const inputs = (source: string): CallPlan['inputs'] => plan(DATA, source)[1]!.inputs;
  assert.deepEqual(inputs('const space = await hysim.embed({ data: pick(data) });'), { data: undefined });
  assert.deepEqual(inputs('const space = await hysim.embed({ data: other });'), { data: undefined });
  assert.equal(plan(DATA, 'const s = await hysim.embed({ ...ins }, {});')[1]?.params, undefined);
});
