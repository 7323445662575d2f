/** Every kind of value that is kept comes back as it was: in its views, its tables, and in what later stages make of it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { Type } from '@sinclair/typebox';
import type { Table } from 'apache-arrow';
import * as hysim from '../../kernel/stages/index.js';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { livingOf } from '../../kernel/stages/cache/known.js';
import { engine } from '../../kernel/engine/index.js';
import { stopProbes } from '../../kernel/stages/live/probe-engine.js';
import { SAMPLE } from '../paths.js';
import { printed, uncached, workingFolder } from './working-folder.js';

after(() => engine().stop());

const QUICK = { epochs: 3, patience: 3 };

/** An Arrow table's columns: two files of the same table differ in the numbers of their dictionaries. */
function columnsOf(table: Table): unknown {
  return table.schema.fields.map(({ name, type }) => [
    name,
    String(type),
    JSON.stringify([...table.getChild(name)!])
  ]);
}

/** All that can be seen of a value. */
function seen(value: hysim.Value): unknown {
  const { time: _, seconds: _s, cached: _c, ...made } = value.provenance!;
  const pictures =
    value instanceof hysim.Denoised
      ? [value.embedding().payload, value.strangest(30).payload]
      : value instanceof hysim.Weights
        ? [value.embedding().payload]
        : [];
  const labels =
    value instanceof hysim.Data
      ? (['fit', 'target-labels', 'evaluate', 'certify'] as const).map(use => value.labelsFor(use))
      : [];
  return {
    id: value.id,
    dataId: value.dataId,
    made: JSON.stringify(made),
    words: value.toString(),
    some: JSON.stringify(value.view('some')),
    all: JSON.stringify(value.view('all')),
    arrow: columnsOf(value.toArrow()),
    tune: value.tuning && { ...value.tuning, probe: undefined },
    pictures: pictures.map(payload => JSON.stringify(payload)),
    labels
  };
}

/** Runs it, forgets it, runs it again: the second comes from the cache, and is the same in every respect. */
async function twice<V extends hysim.Value>(make: () => Promise<V>): Promise<V> {
  const first = await make();
  assert.equal(first.provenance!.cached, undefined);
  forgetAlive();
  const second = await make();
  assert.notEqual(second, first);
  assert.equal(second.provenance!.cached, true);
  assert.equal(second.provenance!.time, first.provenance!.time);
  assert.equal(second.provenance!.seconds, first.provenance!.seconds);
  assert.deepEqual(seen(second), seen(first));
  assert.equal(livingOf(second).digest, livingOf(first).digest);
  return second;
}

describe('a kept value is as it was', () => {
  it('all through an analysis of simulated data, each stage on values that were kept', async test => {
    await workingFolder(test);
    const data = await twice(() => hysim.simulate({ source_papers: 60, target_papers: 40 }));
    assert.deepEqual(data.truth!.law['sourcePapers'], 60);
    const space = await twice(() => hysim.embed({ data }));
    const clean = await twice(() => hysim.denoise({ space }, { neighbors: 8 }));
    await writeFile(
      'decisions.jsonl',
      [
        { sample: data.ids[data.rows('source', 'F')[0]!], decision: 'drop', by: 'A', note: 'odd' },
        { sample: data.ids[data.rows('source', 'C')[0]!], decision: 'relabel', label: '1', at: 'then' },
        { sample: data.ids[data.rows('source', 'V')[0]!], decision: 'drop' },
        { sample: 'elsewhere', decision: 'keep' }
      ]
        .map(line => JSON.stringify(line))
        .join('\n')
    );
    const decided = await twice(() => hysim.review({ clean }));
    assert.deepEqual([...decided.decisions.values()][0]!.note, 'odd');
    const weights = await twice(() => hysim.weigh({ space, clean: decided }));
    const uniform = await twice(() => hysim.weigh({ space, clean: decided }, { method: 'uniform' }));
    assert.ok(uniform.uniform);
    const model = await twice(() => hysim.finetune({ data, weights, clean: decided }, QUICK));
    await twice(() => hysim.evaluate({ data, model }, { repeats: 100 }));
    const ask = { ...QUICK, seeds: 1, repeats: 100 };
    await twice(() => hysim.ablate({ data, weights, clean: decided }, ask));
    // And what is computed from kept values is what is computed from fresh ones.
    const fresh = await uncached(async () => {
      const data = await hysim.simulate({ source_papers: 60, target_papers: 40 });
      const space = await hysim.embed({ data });
      const clean = await hysim.review({ clean: await hysim.denoise({ space }, { neighbors: 8 }) });
      const weights = await hysim.weigh({ space, clean });
      const model = await hysim.finetune({ data, weights, clean }, QUICK);
      const proof = await hysim.certify({ data, weights, clean, model }, { ledger: 'one' });
      return { model, proof };
    });
    assert.equal(model.id, fresh.model.id);
    const proof = await hysim.certify({ data, weights, clean: decided, model }, { ledger: 'two' });
    assert.equal(proof.id, fresh.proof.id);
    assert.equal(proof.provenance!.cached, undefined);
  });

  it('of tables, samples and a split, labels masked as they were', async test => {
    await workingFolder(test);
    const tables = await twice(() => hysim.load({ path: SAMPLE }));
    assert.equal(tables.path, SAMPLE);
    const samples = await twice(() => hysim.samples({ tables }));
    await twice(() =>
      hysim.split({ samples }, { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' }, seed: 1 })
    );
  });

  it('of a model with adapters, saved as the same files', async test => {
    await workingFolder(test);
    const make = hysim.defineStage({
      name: 'adapt',
      version: 1,
      title: 'Adapt',
      description: 'A model with adapters.',
      inputs: {},
      output: 'model',
      params: Type.Object({}),
      deterministic: true,
      cache: true,
      run: async () => {
        const point = { epoch: 1, step: 3, train: 0.5, choose: 0.25 };
        return new hysim.Model(
          'data',
          {
            encoder: 'minilm',
            dimension: 2,
            hidden: 0,
            classes: ['a', 'b'],
            mean: new Float32Array([1, 2]),
            scale: new Float32Array([3, 4]),
            parameters: new Float32Array([1, 2, 3, 4, 5, 6]),
            layout: [
              { name: 'w', shape: [2, 2], offset: 0 },
              { name: 'b', shape: [2], offset: 4 }
            ]
          },
          { arm: 'hybrid', curves: [point], kept: point, rows: 3, papers: 2, ended: 'patience' },
          {
            spec: { rank: 1, alpha: 16, rsLora: true, targetModules: ['query'] },
            parameters: new Float32Array([7, 8]),
            layout: [{ name: 'l', shape: [2], offset: 0 }]
          }
        );
      }
    });
    const model = await twice(() => make({}));
    assert.deepEqual([...model.adapter!.parameters], [7, 8]);
  });

  it('and the same object where it still lives, also within other values', async test => {
    await workingFolder(test);
    const make = async (): Promise<hysim.Weights> => {
      const data = await hysim.simulate({ source_papers: 30, target_papers: 30 });
      const space = await hysim.embed({ data });
      return hysim.weigh({ space, clean: await hysim.denoise({ space }, { neighbors: 8 }) });
    };
    const first = await make();
    assert.equal(await make(), first);
    forgetAlive();
    const second = await make();
    const { clean } = second;
    assert.equal(await hysim.simulate({ source_papers: 30, target_papers: 30 }), clean.space.data);
    assert.equal(await hysim.embed({ data: clean.space.data }), clean.space);
    assert.equal(await hysim.denoise({ space: clean.space }, { neighbors: 8 }), clean);
  });

  it('and refers to the very values that the call was given, though others hold the same', async test => {
    await workingFolder(test);
    const data = await hysim.simulate({ source_papers: 30, target_papers: 30 });
    const space = await hysim.embed({ data });
    const six = await hysim.denoise({ space }, { neighbors: 6, bypass: true });
    const seven = await hysim.denoise({ space }, { neighbors: 7, bypass: true });
    assert.deepEqual([livingOf(six).digest, six === seven], [livingOf(seven).digest, false]);
    for (const clean of [six, seven, six]) {
      assert.equal(await hysim.review({ clean }), clean);
      const weights = await hysim.weigh({ space, clean }, { method: 'uniform' });
      assert.equal(weights.clean, clean);
    }
    forgetAlive();
    assert.equal((await hysim.weigh({ space, clean: seven }, { method: 'uniform' })).clean, seven);
  });

  it('can be tried with other parameters in its view', async test => {
    await workingFolder(test);
    const make = async (): Promise<hysim.Weights> => {
      const data = await hysim.simulate({ source_papers: 30, target_papers: 30 });
      const space = await hysim.embed({ data });
      return hysim.weigh({ space, clean: await hysim.denoise({ space }, { neighbors: 8 }) });
    };
    const probe = async (value: hysim.Weights): Promise<string[]> => {
      const signal = new AbortController().signal;
      const capped = await value.tuning!.probe({ cap: 2 }, signal);
      const flagged = await value.clean.tuning!.probe({ neighbors: 6 }, signal);
      return [capped, flagged].map(value => JSON.stringify(value.view()));
    };
    const before = await probe(await make());
    forgetAlive();
    assert.deepEqual(await probe(await make()), before);
    await stopProbes();
  });

  it('not where it is of a class that a person made of ours: that is told, and computed each time', async test => {
    await workingFolder(test);
    class Own extends hysim.Report {}
    let runs = 0;
    const make = hysim.defineStage({
      ...{ name: 'own', version: 1, title: 'Own', description: 'Own.', inputs: {}, deterministic: true },
      output: 'report',
      cache: true,
      params: Type.Object({}),
      run: async () => {
        runs++;
        const parts = {
          fold: 'U',
          rows: 0,
          papers: 0,
          classes: [],
          arms: [],
          noOverlap: 0,
          noOverlapClasses: [],
          seeds: 1
        };
        return new Own('data', parts);
      }
    });
    const lines = await printed(async () => {
      assert.ok((await make({})) instanceof Own);
      assert.ok((await make({})) instanceof Own);
    });
    assert.equal(runs, 2);
    assert.match(
      lines.join('\n'),
      /^own: its results are not kept, since a value of the class Own cannot be kept\.$/
    );
  });
});
