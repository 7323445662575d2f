/** project: another picture of an embedding, which changes where rows are drawn and nothing that is computed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DISPLAY } from '../../common/host.js';
import { MIME, parsePayload, unpackNumbers } from '../../common/views/index.js';
import { engine } from '../../kernel/engine/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { workingFolder } from './working-folder.js';

// The engine starts here, in a folder that stays: threads cannot be started in one that is gone.
before(() => engine().run('picture', { vectors: Float32Array.of(0, 1, 2, 3), dimension: 2 }));
after(() => engine().stop());

const QUICK = { epochs: 2, patience: 2 };
const simulated = (): Promise<hysim.Data> => hysim.simulate({ source_papers: 60, target_papers: 40 });

/** The embedding as drawn: where its rows stand, and on which axes. */
function drawn(picture: hysim.Picture | hysim.Space): { x: number[]; axes: string[]; note: string } {
  const payload = picture instanceof hysim.Space ? picture.view() : picture.payload;
  assert.ok(payload.kind === 'embedding');
  const { x, axes, note } = payload;
  return { x: [...unpackNumbers(x)], axes: axes.map(axis => axis.label), note };
}

describe('project', () => {
  it('draws by UMAP, says how far that can be believed, and is the same for the same seed', async test => {
    await workingFolder(test);
    const space = await hysim.embed({ data: await simulated() });
    const map = await hysim.project({ space });
    const { picture } = map;
    assert.equal(picture.method, 'umap');
    assert.equal(picture.values.length, 2 * space.data.length);
    assert.ok(picture.values.every(Number.isFinite));
    const trust = picture.trust!;
    assert.ok(trust.value > 0.7 && trust.value < 1 && trust.rows === Math.min(2000, space.data.length));
    const payload = map.view();
    assert.match(payload.note, /UMAP keeps neighbours, not distances\. No flag, distance or weight/);
    assert.deepEqual(payload.axes, [{ label: 'UMAP 1' }, { label: 'UMAP 2' }]);
    assert.ok(payload.facts.some(fact => fact.name === 'trustworthiness'));
    const shown = await map[DISPLAY]();
    assert.ok('payload' in parsePayload(shown[MIME]));
    assert.match(shown['text/plain'] as string, /on the axes UMAP 1, UMAP 2/);

    await hysim.cache.clear();
    forgetAlive();
    const again = await hysim.project({ space });
    assert.notEqual(again, map);
    assert.equal(again.provenance!.cached, undefined);
    assert.deepEqual(again.picture.values, picture.values);
    assert.notDeepEqual((await hysim.project({ space }, { seed: 1 })).picture.values, picture.values);
  });

  it('changes no id, no weight and no model, and later stages are not computed again for it', async test => {
    await workingFolder(test);
    const data = await simulated();
    const space = await hysim.embed({ data });
    const clean = await hysim.denoise({ space }, { neighbors: 8 });
    const weights = await hysim.weigh({ space, clean });
    const model = await hysim.finetune({ data, weights, clean }, QUICK);

    const map = await hysim.project({ space }, { epochs: 50 });
    assert.equal(map.id, space.id);
    assert.notEqual(map, space);
    const own = await hysim.denoise({ space: map }, { neighbors: 8 });
    const weighed = await hysim.weigh({ space: map, clean: own });
    const trained = await hysim.finetune({ data, weights: weighed, clean: own }, QUICK);
    assert.deepEqual([own.id, weighed.id, trained.id], [clean.id, weights.id, model.id]);
    const cached = [own, weighed, trained].map(value => value.provenance!.cached ?? value === model);
    assert.deepEqual(cached, [true, true, true]);
    // And yet each is drawn where its own embedding says.
    assert.deepEqual(drawn(own.embedding()).axes, ['UMAP 1', 'UMAP 2']);
    assert.deepEqual(drawn(weighed.embedding()).axes, ['UMAP 1', 'UMAP 2']);
    assert.deepEqual(drawn(clean.embedding()).axes, ['PC 1', 'PC 2']);
    assert.deepEqual(drawn(weights.embedding()).axes, ['PC 1', 'PC 2']);
    assert.notDeepEqual(drawn(own.embedding()).x, drawn(clean.embedding()).x);
  });

  it('comes back from the cache as it was, and each picture of one embedding as its own', async test => {
    await workingFolder(test);
    const make = async (): Promise<hysim.Space[]> => {
      const space = await hysim.embed({ data: await simulated() });
      const plane = await hysim.project({ space }, { epochs: 30 });
      const solid = await hysim.project({ space: plane }, { epochs: 30, dimensions: 3 });
      const flat = await hysim.project({ space }, { method: 'pca' });
      return [space, plane, solid, flat];
    };
    const first = await make();
    forgetAlive();
    const second = await make();
    first.forEach((value, i) => {
      assert.notEqual(second[i], value);
      assert.equal(second[i]!.provenance!.cached, true);
      assert.equal(second[i]!.id, first[0]!.id);
      assert.deepEqual(second[i]!.picture, value.picture);
      assert.equal(JSON.stringify(second[i]!.view()), JSON.stringify(value.view()));
    });
    assert.equal(new Set(first.map(value => JSON.stringify(drawn(value)))).size, 4 - 1);
    assert.deepEqual(drawn(first[3]!).x, drawn(first[0]!).x, 'PCA is the picture that embed draws');
  });

  it('in space offers the third axis as a colour', async test => {
    await workingFolder(test);
    const space = await hysim.embed({ data: await simulated() });
    for (const [method, name] of [
      ['umap', 'UMAP 3'],
      ['pca', 'PC 3']
    ] as const) {
      const solid = await hysim.project({ space }, { method, dimensions: 3, epochs: 20 });
      const depth = solid.view().columns.find(column => column.name === 'depth')!;
      assert.equal(depth.label, name);
      assert.ok(depth.values.type === 'float32' && depth.values.length === space.data.length);
      assert.equal(solid.toArrow().getChild('picture')!.get(0)!.length, 3);
    }
  });

  it('is fitted on a sample where that is asked for, and says so', async test => {
    await workingFolder(test);
    const space = await hysim.embed({ data: await simulated() });
    const part = await hysim.project({ space }, { sample: 150, epochs: 100 });
    assert.equal(part.picture.fitted, 150);
    assert.ok(part.picture.values.every(Number.isFinite));
    assert.match(part.view().subtitle!, /picture fitted on 150$/);
    const whole = await hysim.project({ space }, { epochs: 100 });
    assert.equal(whole.picture.fitted, undefined);
    assert.ok(part.picture.trust!.value > whole.picture.trust!.value - 0.1);
  });
});

describe('project refuses', () => {
  const spaceOf = (data: hysim.Data, vectors: Float32Array): hysim.Space =>
    new hysim.Space(data, 'vectors', 9, vectors, {
      method: 'pca',
      dimensions: 2,
      values: new Float32Array(2 * data.length),
      shares: [1, 0]
    });
  const small = (): Promise<hysim.Data> =>
    hysim.simulate({ source_papers: 8, target_papers: 8, rows_per_paper: 2, dimension: 9 });

  it('rows with NaN, and names them', async test => {
    await workingFolder(test);
    const data = await small();
    const vectors = data.vectors!.values.slice();
    vectors[4 * 9 + 2] = NaN;
    await assert.rejects(hysim.project({ space: spaceOf(data, vectors) }), (error: Error) => {
      assert.ok(error instanceof hysim.DataError && error.message.includes(data.ids[4]!));
      return true;
    });
    vectors[6 * 9] = Infinity;
    await assert.rejects(hysim.project({ space: spaceOf(data, vectors) }), (error: Error) => {
      assert.ok(error.message.includes(data.ids[4]!) && error.message.includes(data.ids[6]!));
      return true;
    });
  });

  it('more neighbours than rows, rows that are all equal, and a cosine of nothing', async test => {
    await workingFolder(test);
    const data = await small();
    const given = data.vectors!.values;
    const n = data.length;
    await assert.rejects(
      hysim.project({ space: spaceOf(data, given) }, { neighbors: n }),
      new RegExp(`${n} rows are too few for ${n} neighbors. Use at most ${n - 1}`)
    );
    const many = await hysim.simulate({
      source_papers: 60,
      target_papers: 60,
      rows_per_paper: 2,
      dimension: 9
    });
    await assert.rejects(
      hysim.project({ space: spaceOf(many, many.vectors!.values) }, { neighbors: 100, sample: 100 }),
      /a sample of 100 rows is too small for 100 neighbors. Raise sample above 100/
    );
    await assert.rejects(
      hysim.project({
        space: spaceOf(
          data,
          given.map(() => 2)
        )
      }),
      /all rows are equal/
    );
    const empty = given.slice().fill(0, 0, 9);
    const cosine = { metric: 'cosine' } as const;
    await assert.rejects(hysim.project({ space: spaceOf(data, empty) }, cosine), /row 0 is all zeros/);
    await assert.rejects(
      hysim.project({ space: spaceOf(data, given) }, { min_dist: 2 }),
      hysim.ParameterError
    );
  });

  it('to go on when it was cancelled within the layout, and the engine lives on', async () => {
    const random = new Float32Array(3000 * 4).map((_, i) => Math.sin(i * i));
    await engine().run('picture', { vectors: random, dimension: 4 });
    const { pid } = engine();
    const stop = new AbortController();
    const running = engine().run(
      'project',
      {
        ...{ vectors: random, dimension: 4, method: 'umap', dimensions: 2, neighbors: 15 },
        ...{ minDist: 0.1, epochs: 10_000, metric: 'euclidean', sample: 50_000, seed: 0 }
      },
      { signal: stop.signal, progress: (_, message) => message === 'layout' && stop.abort() }
    );
    await assert.rejects(running, hysim.CancelledError);
    assert.equal(engine().pid, pid);
  });
});
