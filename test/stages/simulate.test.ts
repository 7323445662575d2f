/** The stage simulate: kinds of laws, what a kind refuses, and what the value says of its truth. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulate } from '../../kernel/stages/index.js';
import { SIMULATION_KINDS, type SimulationKind } from '../../kernel/theory/index.js';

const SMALL = { source_papers: 40, target_papers: 40, dimension: 12, contamination: 0, shift: -0.5 };

describe('simulate', () => {
  it('draws every kind, with the true chi-square as ORACLE', async () => {
    for (const kind of SIMULATION_KINDS) {
      const data = await simulate({ ...SMALL, kind });
      assert.equal(data.vectors?.dimension, 12);
      assert.equal(data.truth?.law['kind'], kind);
      const fact = data.view().facts?.find(({ name }) => name.startsWith('χ²'));
      assert.equal(fact?.number?.label, 'ORACLE', kind);
      const value = Number(fact.number.value);
      assert.ok(value > 0 && value < 2, kind);
    }
  });

  it('says that chi-square is infinite where the source does not reach all of the target', async () => {
    const data = await simulate({ ...SMALL, kind: 'gaussian', uncovered: 0.2 });
    const fact = data.view().facts?.find(({ name }) => name.startsWith('χ²'));
    assert.match(fact?.text ?? '', /infinite/);
    assert.equal(fact?.number, undefined);
  });

  it('refuses what a kind cannot have', async () => {
    await assert.rejects(
      simulate({ ...SMALL, kind: 'gaussian', contamination: 0.1 }),
      /set contamination to 0/
    );
    await assert.rejects(simulate({ ...SMALL, dimension: 5 }), /at least 9 for the kind "latent"/);
    await assert.rejects(simulate({ ...SMALL, kind: 'klein' as SimulationKind }), /kind/);
  });
});
