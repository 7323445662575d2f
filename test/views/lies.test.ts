/** Fields that a person or a wrong builder could make lie: each lie is refused, and named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packCategories, packNumbers, parsePayload } from '../../common/views/index.js';
import {
  armReportSample,
  armsSample,
  certificateSample,
  denoisedSample,
  embeddingSample
} from './samples.js';

function reason(data: unknown): string {
  const parsed = parsePayload(data);
  assert.ok('reason' in parsed, 'the payload must be refused');
  return parsed.reason;
}

test('row numbers are whole, not negative, and one a row', () => {
  const payload = embeddingSample(3);
  const rows = (values: number[]): unknown => ({
    ...payload,
    rows: { data: 'd', index: packNumbers(values) }
  });
  assert.ok('payload' in parsePayload(rows([0, 7, 2 ** 24])));
  assert.match(reason(rows([0, 1.5, 2])), /^\/rows\/index: a row number is not a whole number/);
  assert.match(reason(rows([0, -1, 2])), /^\/rows\/index: a row number/);
  assert.match(reason(rows([0, NaN, 2])), /^\/rows\/index: a row number/);
  assert.match(reason(rows([0, 1])), /^\/rows\/index: 2 values for 3 rows/);
});

test('the rows of a panel agree in number and belong to its series', () => {
  const lie = (change: (points: NonNullable<ReturnType<typeof panel>['points']>) => void): string => {
    const payload = denoisedSample(30);
    change(payload.panels[0]!.points!);
    return reason(payload);
  };
  const panel = (): ReturnType<typeof denoisedSample>['panels'][number] => denoisedSample(3).panels[0]!;
  assert.match(
    lie(p => (p.series = packCategories(['source']))),
    /^\/panels\/0\/points\/series: 1 values for 30/
  );
  assert.match(
    lie(p => (p.rows = { data: 'd', index: packNumbers([1]) })),
    /^\/panels\/0\/points\/rows\/index: 1/
  );
  assert.match(
    lie(p => (p.values = { ...p.values, data: 'AAAA' })),
    /^\/panels\/0\/points\/values: 4 base64/
  );
  const four = ['source', 'target', 'flagged', 'stranger'];
  const names = Array.from({ length: 30 }, (_, i) => four[i % 4]!);
  assert.match(
    lie(p => (p.series = packCategories(names))),
    /^\/panels\/0\/points\/series: no series "stranger"/
  );
});

test('a tube holds finite places, as many flags, texts and numbers as rows, and no more rows than there are', () => {
  const lie = (change: Record<string, unknown>): string => {
    const payload = denoisedSample(30);
    return reason({ ...payload, tube: { ...payload.tube!, ...change } });
  };
  const thirty = (value: number): unknown => packNumbers(Array(30).fill(value));
  assert.match(lie({ n: 29 }), /^\/tube: 30 rows drawn of 29/);
  assert.match(lie({ x: thirty(NaN) }), /^\/tube\/x: a coordinate is not a finite number/);
  assert.match(lie({ y: thirty(Infinity) }), /^\/tube\/y: a coordinate/);
  assert.match(lie({ y: thirty(-0.1) }), /^\/tube\/y: a distance is negative/);
  assert.match(lie({ y: packNumbers([1]) }), /^\/tube\/y: 1 values for 30 rows/);
  assert.match(lie({ domain: packCategories(['source']) }), /^\/tube\/domain: 1 values/);
  assert.match(lie({ flagged: packCategories(['kept']) }), /^\/tube\/flagged: 1 values/);
  assert.match(lie({ rows: { data: 'd', index: packNumbers([1]) } }), /^\/tube\/rows\/index: 1 values/);
  assert.match(lie({ text: ['a'] }), /^\/tube\/text: 1 texts for 30 rows/);
  assert.match(lie({ place: ['a'] }), /^\/tube\/place: 1 texts/);
  assert.match(lie({ d0: -1 }), /^\/tube\/d0/);
  assert.match(lie({ h: NaN }), /^\/tube\/h/);
});

test('confusions are square, not negative, one an arm, and hold the one drawn at first', () => {
  const report = armReportSample();
  const [first, second] = report.confusions!;
  const lie = (confusions: unknown): string => reason({ ...report, confusions });
  assert.match(lie([{ ...first, counts: [[1]] }]), /^\/confusion\/counts: not 7 x 7|^\/confusions: the one/);
  assert.match(
    lie([...report.confusions!.slice(1), { ...first!, counts: [[1]] }]),
    /^\/confusion\/counts: not 7 x 7/
  );
  const negative = { ...first!, counts: first!.counts.map(row => row.map(() => -1)) };
  assert.match(lie([...report.confusions!.slice(1), negative]), /^\/confusion\/counts: a count is negative/);
  assert.match(lie([...report.confusions!, second]), /^\/confusions: an arm has two/);
  assert.match(lie([first, second]), /^\/confusions: the one drawn at first is not among them/);
});

test('a reading holds one entry a Γ and one value a term', () => {
  const lie = (change: (gamma: NonNullable<Gamma>) => void): string => {
    const payload = certificateSample();
    change(payload.blocks[0]!.gamma!);
    return reason(payload);
  };
  type Gamma = ReturnType<typeof certificateSample>['blocks'][number]['gamma'];
  assert.match(
    lie(g => void g.at!.pop()),
    /^\/blocks\/0\/gamma\/at: not 51 entries of 4 terms/
  );
  assert.match(
    lie(g => void g.at![3]!.terms.pop()),
    /^\/blocks\/0\/gamma\/at: not 51 entries of 4 terms/
  );
  assert.match(
    lie(g => void (g.grid[4] = 1)),
    /^\/blocks\/0\/gamma\/grid: must increase/
  );
  assert.match(
    lie(g => void g.bound.pop()),
    /^\/blocks\/0\/gamma: 51 grid values for 50 bounds/
  );
});

test('a training ends after its beginning, and its steps rise', () => {
  assert.match(reason({ ...armsSample(), xMax: 0 }), /^\/xMax: 0 is not above 0/);
  const payload = armsSample();
  payload.curves[0]!.x[3] = 1;
  assert.match(reason(payload), /^\/curves\/0\/x: steps must not fall/);
});
