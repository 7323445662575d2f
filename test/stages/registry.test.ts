/** Views keep the values behind them for a while, and not for ever. */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import '../uncached.js';
import type { ViewPayload } from '../../common/views/index.js';
import { addView, findView } from '../../kernel/stages/live/registry.js';
import type { Value } from '../../kernel/stages/values/value.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const draw = (): ViewPayload => {
  throw new Error('nothing is drawn here');
};

/** What the registry looks at of a value; with `rows`, one that stands on so much data. */
function standIn(id: string, rows?: number): Value {
  return { id, told: rows && { data: { length: rows }, openFolds: false } } as unknown as Value;
}

async function settle(): Promise<void> {
  await setTimeout(0);
  collect();
  await setTimeout(0);
}

describe('values behind views', () => {
  it('are let go of when 32 newer views were shown, but for those that somebody else holds', async () => {
    const mine = standIn('mine');
    addView(mine, 'view', draw);
    for (let i = 0; i < 40; i++) addView(standIn(`${i}`), 'view', draw);
    await settle();
    assert.equal(findView('0/view'), undefined);
    assert.equal(findView('7/view'), undefined);
    assert.ok(findView('8/view'));
    assert.ok(findView('39/view'));
    assert.equal(findView('mine/view')!.value, mine);
  });

  it('that stand on much data are let go of sooner', async () => {
    for (let i = 0; i < 8; i++) addView(standIn(`large ${i}`, 150_000), 'view', draw);
    await settle();
    assert.equal(findView('large 5/view'), undefined);
    assert.ok(findView('large 6/view'));
    assert.ok(findView('large 7/view'));
  });

  it('made again are found under the same key when the older one is collected', async () => {
    addView(standIn('twice'), 'view', draw);
    const second = standIn('twice');
    addView(second, 'view', draw);
    await settle();
    assert.equal(findView('twice/view')!.value, second);
  });
});
