/** The front end's copy of the stages' specifications is the kernel's own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import * as stages from '../../kernel/stages/index.js';
import { STAGES } from '../../common/stagecell/index.js';
import { ROOT } from '../paths.js';

const specs = Object.values(stages).flatMap(value =>
  typeof value === 'function' && 'spec' in value ? [value.spec] : []
);

test('common/stagecell/specs.generated.ts holds what the stages say of themselves', () => {
  const kernel = new Map(specs.map(spec => [spec.name, JSON.parse(JSON.stringify(spec)) as unknown]));
  for (const stage of STAGES) {
    assert.deepEqual(
      stage,
      kernel.get(stage.name),
      `${stage.name} is out of date: run npm run build:lib && node scripts/stage-specs.mjs`
    );
  }
  assert.deepEqual(
    STAGES.map(stage => stage.name).sort(),
    [...kernel.keys()].sort(),
    'a stage is missing or gone: run npm run build:lib && node scripts/stage-specs.mjs'
  );
});

test('the stages stand in the order in which kernel/stages/index.ts lists them', () => {
  const index = readFileSync(join(ROOT, 'kernel', 'stages', 'index.ts'), 'utf8');
  const places = STAGES.map(stage => index.indexOf(`{ ${stage.name},`));
  assert.ok(places.every(place => place > 0));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b)
  );
});
