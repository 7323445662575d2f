import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../uncached.js';
import fc from 'fast-check';
import { DataError, InputError, ParameterError } from '../../common/errors.js';
import { load } from '../../kernel/stages/load.js';
import { samples as makeSamples } from '../../kernel/stages/samples.js';
import { split } from '../../kernel/stages/split.js';
import { assignFolds } from '../../kernel/stages/folds.js';
import type { Data } from '../../kernel/stages/values/data.js';
import { type Domain } from '../../kernel/stages/values/data.js';
import { Samples } from '../../kernel/stages/values/samples.js';
import { SAMPLE } from '../paths.js';

const SHIFT = { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' } };

async function sampleData(seed = 1): Promise<Data> {
  const tables = await load({ path: SAMPLE });
  const samples = await makeSamples({ tables });
  return split({ samples }, { ...SHIFT, seed });
}

/** Samples made by hand: one column, domains by turns of the pattern. */
function handMade(rows: { paper: string; kind: string; label: string | null }[]): Samples {
  return new Samples({
    ids: rows.map((_, i) => `s${i}`),
    text: rows.map((_, i) => `text ${i}`),
    label: rows.map(row => row.label),
    labelSource: rows.map(() => 'hand'),
    paper: rows.map(row => row.paper),
    table: rows.map(() => 't'),
    columns: { table_kind: rows.map(row => row.kind) }
  });
}

describe('the folds of the sample', () => {
  it('give a paper one fold across both domains', async () => {
    const data = await sampleData();
    const fold = new Map<string, string>();
    data.paper.forEach((paper, i) => {
      const part = data.fold[i]!.replace(/[VU]/, 'held');
      assert.equal(fold.get(paper) ?? part, part, paper);
      fold.set(paper, part);
    });
  });

  it('give each domain papers to fit, to choose and to certify', async () => {
    for (const seed of [0, 1, 2, 3]) {
      const data = await sampleData(seed);
      for (const [domain, held] of [
        ['source', 'V'],
        ['target', 'U']
      ] as const) {
        for (const fold of ['F', 'C', held] as const) assert.ok(data.rows(domain, fold).length > 0);
      }
      assert.equal(data.papersOf(data.rows('target', 'F', 'C', 'U')), 7);
      assert.equal(data.papersOf(data.rows('source', 'F', 'C', 'V')), 27);
    }
  });

  it('are the same for the same seed and differ for another', async () => {
    const [a, b, c] = await Promise.all([sampleData(1), sampleData(1), sampleData(2)]);
    assert.equal(a.id, b.id);
    assert.notEqual(a.id, c.id);
  });
});

describe('assignFolds', () => {
  const domainOf = fc.constantFrom<Domain[]>(['source'], ['target'], ['source', 'target']);
  it('depends on the papers and not on the order of rows, keeps shares, and leaves no fold empty', () => {
    fc.assert(
      fc.property(fc.array(domainOf, { minLength: 9, maxLength: 60 }), fc.nat(50), (papers, seed) => {
        const count = (d: Domain): number => papers.filter(set => set.includes(d)).length;
        fc.pre(count('source') >= 3 && count('target') >= 3);
        const rows = papers.flatMap((set, p) => set.map(domain => ({ paper: `p${p}`, domain })));
        const params = { fit: 0.5, choose: 0.2, seed };
        const folds = assignFolds(
          rows.map(r => r.paper),
          rows.map(r => r.domain),
          params
        );
        const back = [...rows].reverse();
        const reversed = assignFolds(
          back.map(r => r.paper),
          back.map(r => r.domain),
          params
        ).reverse();
        assert.deepEqual(folds, reversed);
        for (const domain of ['source', 'target'] as const) {
          const own = folds.filter((_, i) => rows[i]!.domain === domain);
          for (const fold of ['F', 'C', domain === 'source' ? 'V' : 'U'])
            assert.ok(own.includes(fold as never), `${domain} has no ${fold}`);
          assert.ok(Math.abs(own.filter(f => f === 'F').length - own.length / 2) <= 3);
        }
      }),
      { numRuns: 200 }
    );
  });
});

describe('labels', () => {
  it('are masked for the target unless a use names them, and V is seen by certify alone', async () => {
    const data = await sampleData();
    const seen = (use: Parameters<Data['labelsFor']>[0]): Set<string> =>
      new Set(
        data
          .labelsFor(use)
          .flatMap((label, i) => (label === null ? [] : [`${data.domain[i]} ${data.fold[i]}`]))
      );
    assert.deepEqual(seen('fit'), new Set(['source F', 'source C']));
    assert.deepEqual(seen('target-labels'), new Set(['source F', 'source C', 'target F']));
    assert.deepEqual(seen('evaluate'), new Set(['target F', 'target C', 'target U']));
    assert.deepEqual(seen('certify'), new Set(['source V']));
  });

  it('do not leave by toArrow', async () => {
    const data = await sampleData();
    const column = data.toArrow().getChild('label')!;
    data.domain.forEach((domain, i) => {
      if (domain === 'target') assert.equal(column.get(i), null);
    });
  });
});

describe('what cannot be split', () => {
  const three = (
    kind: string,
    label: string | null = 'a'
  ): { paper: string; kind: string; label: string | null }[] =>
    ['p', 'q', 'r'].map((paper, i) => ({ paper: kind + paper, kind, label: i === 0 ? 'b' : label }));

  it('is a column that the samples do not have', async () => {
    const samples = handMade([...three('nca'), ...three('poppk')]);
    await assert.rejects(
      split({ samples }, { source: { kind: 'nca' }, target: { table_kind: 'poppk' } }),
      (error: unknown) => {
        assert.ok(error instanceof ParameterError);
        assert.match(error.message, /column "kind".*table_kind/);
        return true;
      }
    );
  });

  it('is an empty target', async () => {
    const samples = handMade([...three('nca'), ...three('poppk')]);
    await assert.rejects(
      split({ samples }, { source: { table_kind: 'nca' }, target: { table_kind: 'x' } }),
      (error: unknown) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, /no sample is target/);
        return true;
      }
    );
  });

  it('is a source with a single class', async () => {
    const samples = handMade([...three('nca').map(row => ({ ...row, label: 'a' })), ...three('poppk')]);
    await assert.rejects(split({ samples }, SHIFT), /a single class, "a"/);
  });

  it('is a target of two papers', async () => {
    const samples = handMade([...three('nca'), ...three('poppk').slice(1)]);
    await assert.rejects(split({ samples }, SHIFT), /the target has 2 papers; three folds need at least 3/);
  });

  it('is a sample that is both', async () => {
    const samples = handMade([...three('nca'), ...three('poppk')]);
    await assert.rejects(
      split({ samples }, { source: { table_kind: ['nca', 'poppk'] }, target: { table_kind: 'poppk' } }),
      /fits both/
    );
  });
});

describe('a stage’s arguments', () => {
  it('name an unknown parameter and the one that was probably meant', async () => {
    const tables = await load({ path: SAMPLE });
    await assert.rejects(makeSamples({ tables }, { lable: 'x' } as never), (error: unknown) => {
      assert.ok(error instanceof ParameterError);
      assert.equal(error.parameter, 'lable');
      assert.match(error.message, /Did you mean "label"\?/);
      return true;
    });
  });

  it('name a parameter out of range, and its range', async () => {
    const samples = handMade([]);
    await assert.rejects(
      split({ samples }, { ...SHIFT, fit: 0.95 }),
      /split: fit must be a number from 0.1 to 0.8, not 0.95/
    );
    await assert.rejects(
      split({ samples }, { ...SHIFT, seed: NaN }),
      /split: seed must be an integer from 0, not NaN/
    );
    await assert.rejects(
      split({ samples }, { ...SHIFT, seed: 'x' } as never),
      /split: seed must be an integer from 0, not "x"/
    );
  });

  it('name a missing parameter', async () => {
    await assert.rejects(load({} as never), /load needs the parameter "path"/);
  });

  it('name a missing input, one of the wrong kind, an unknown one, and a promise', async () => {
    const tables = await load({ path: SAMPLE });
    await assert.rejects(
      makeSamples({} as never),
      (error: unknown) => error instanceof InputError && error.input === 'tables'
    );
    await assert.rejects(split({ samples: tables as never }, SHIFT), /kind "samples", not tables/);
    await assert.rejects(makeSamples({ tables, extra: 1 } as never), /no input "extra"/);
    await assert.rejects(makeSamples({ tables: load({ path: SAMPLE }) as never }), /put `await` before/);
  });

  it('name a label column that does not exist', async () => {
    const tables = await load({ path: SAMPLE });
    await assert.rejects(makeSamples({ tables }, { label: 'klass' }), (error: unknown) => {
      assert.ok(error instanceof ParameterError);
      assert.match(error.message, /no field "klass" for label. The fields are .*label/);
      return true;
    });
  });

  it('name a text field that does not exist, and refuse the label as one', async () => {
    const tables = await load({ path: SAMPLE });
    await assert.rejects(makeSamples({ tables }, { text: ['text', 'unti'] }), /no field "unti" for text/);
    await assert.rejects(makeSamples({ tables }, { text: ['text', 'label'] }), /read its own answer/);
    await assert.rejects(makeSamples({ tables }, { label: 'constructor' }), /no field "constructor"/);
  });

  it('are left as the caller made them', async () => {
    const params = { path: SAMPLE };
    const tables = await load(params);
    const given = {};
    await makeSamples({ tables }, given);
    assert.deepEqual(given, {});
    assert.deepEqual(tables.provenance!.params, { path: SAMPLE });
  });
});
