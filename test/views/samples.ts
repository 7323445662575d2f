/** One payload of every kind, made up but of the shape that the stages give: for tests and for the gallery. */
import { packCategories, packNumbers, type ViewPayload } from '../../common/views/index.js';
import { denoisedSample, distributionSample, normal, randomSource } from './distribution-samples.js';

export { denoisedSample, distributionSample, randomSource };

export function embeddingSample(n = 1512): ViewPayload & { kind: 'embedding' } {
  const random = randomSource(7);
  const centres = [
    [-4, 1.4],
    [-2.6, -1.2],
    [-0.2, 0.6],
    [0.8, -0.9],
    [2.6, 0.4],
    [4.2, -0.2]
  ];
  const classes = [
    'clearance',
    'half-life',
    'AUC',
    'Cmax',
    'volume',
    'absorption rate',
    'Tmax',
    'bioavailability',
    'other'
  ];
  const x: number[] = [];
  const y: number[] = [];
  const domain: string[] = [];
  const flagged: string[] = [];
  const ratio: number[] = [];
  const kind: string[] = [];
  const text: string[] = [];
  const place: string[] = [];
  for (let i = 0; i < n; i++) {
    const target = random() < 0.28;
    const k = Math.min(5, Math.floor(target ? 2.5 + 3.5 * random() : 4.6 * random()));
    const flag = random() < 0.04;
    const spread = flag ? 1.6 : 0.55;
    x.push(centres[k]![0]! + spread * normal(random));
    y.push(centres[k]![1]! + spread * normal(random));
    domain.push(target ? 'target' : 'source');
    flagged.push(flag ? '1' : '0');
    ratio.push(target ? NaN : Math.min(4, Math.max(0.1, Math.exp(0.45 * x[i]! + 0.2 * normal(random)))));
    const c = classes[Math.min(8, k + Math.floor(3 * random()))]!;
    kind.push(c);
    text.push(`${c} of drug ${i}, CL/F (L/h)`);
    place.push(`PMC${1000 + (i % 71)}, table ${1 + (i % 4)}, row ${1 + (i % 30)}`);
  }
  return {
    kind: 'embedding',
    version: 1,
    title: 'Embedding',
    subtitle: `MiniLM, ${n.toLocaleString('en')} rows, fold F and C`,
    note: '69 % of the variance. No flag, distance or weight is computed from these two coordinates.',
    facts: [
      {
        name: 'Flagged at fdr 0.1',
        number: { value: flagged.filter(f => f === '1').length, label: 'ESTIMATED', n: 71, unit: 'papers' }
      },
      {
        name: 'Local dimension m̂',
        number: { value: 5, label: 'ESTIMATED' },
        text: 'Median over tangent planes of 20 neighbours.'
      }
    ],
    n,
    shown: n,
    x: packNumbers(x),
    y: packNumbers(y),
    axes: [
      { label: 'PC 1', share: 0.192 },
      { label: 'PC 2', share: 0.118 }
    ],
    domain: packCategories(domain),
    flagged: packCategories(flagged),
    columns: [
      { name: 'density ratio', label: 'density ratio ŵ', values: packNumbers(ratio), scale: 'log' },
      { name: 'class', label: 'PK parameter class', values: packCategories(kind) },
      { name: 'domain', label: 'domain', values: packCategories(domain) }
    ],
    colour: 'density ratio',
    text,
    place
  };
}

export function trainingSample(): ViewPayload & { kind: 'training' } {
  const random = randomSource(5);
  const steps = Array.from({ length: 120 }, (_, i) => 5 * (i + 1));
  const curve = (end: number, rate: number, noise: number): number[] =>
    steps.map(s => end + (2.1 - end) * Math.exp(-s / rate) + noise * normal(random));
  const c = curve(0.62, 110, 0.012).map((v, i) => v + Math.max(0, i - 80) * 0.0012);
  const best = c.indexOf(Math.min(...c));
  return {
    kind: 'training',
    version: 1,
    title: 'Fine-tune: head',
    subtitle: 'frozen MiniLM, 384 → 9 classes, AdamW, hybrid weights',
    note: 'Anything about fold V. No curve here can spend it.',
    facts: [
      {
        name: 'Risk on fold C, kept',
        number: { value: c[best]!, label: 'ESTIMATED', n: 6, unit: 'papers', fold: 'C' }
      },
      { name: 'Stopped', text: 'No gain on fold C for 40 evaluations; the best state is kept.' },
      {
        name: 'Mean training weight',
        number: { value: 0.83, label: 'ESTIMATED', n: 548, unit: 'rows', fold: 'F' }
      }
    ],
    xLabel: 'step',
    yLabel: 'weighted cross-entropy',
    curves: [
      { name: 'training', fold: 'F', x: steps, y: curve(0.41, 90, 0.03) },
      { name: 'held out', fold: 'C', x: steps, y: c }
    ],
    kept: { x: steps[best]!, y: c[best]!, label: `kept: step ${steps[best]!}, chosen on fold C` }
  };
}

/** A report with one confusion matrix an arm, to choose from. */
export function armReportSample(): ViewPayload & { kind: 'report' } {
  const report = reportSample();
  const { counts, ...rest } = report.confusion!;
  const confusions = report.arms.map((arm, k) => ({
    ...rest,
    arm: arm.name,
    counts: counts.map((row, i) => row.map((n, j) => (i === j ? n + 4 * k : Math.max(0, n - k + 1))))
  }));
  return { ...report, confusion: confusions[3], confusions };
}

export function reportSample(): ViewPayload & { kind: 'report' } {
  const arms: [string, number, number][] = [
    ['uniform', 0.412, 0.06],
    ['weights', 0.455, 0.065],
    ['clean', 0.421, 0.058],
    ['hybrid', 0.462, 0.067],
    ['target labels', 0.588, 0.05],
    ['paired', 0.47, 0.07]
  ];
  const classes = ['clearance', 'half-life', 'AUC', 'Cmax', 'volume', 'ka', 'Tmax'];
  const random = randomSource(3);
  return {
    kind: 'report',
    version: 1,
    title: 'Ablation',
    subtitle: 'six arms, same seeds, head on the frozen encoder',
    note: 'Classes without source support (12 % of target rows), and any fold but U.',
    facts: [
      {
        name: 'No-overlap share of the target',
        number: { value: 0.12, label: 'ESTIMATED', n: 6, unit: 'papers' }
      },
      { name: 'Intervals', text: '2,000 bootstrap draws of whole papers, 95 %.' },
      { name: 'Target labels', text: 'Sees the target labels of folds F and C: what labelling would buy.' }
    ],
    metric: 'macro F1 on target fold U',
    higherIsBetter: true,
    arms: arms.map(([name, value, half]) => ({
      name,
      score: { value, low: value - half, high: value + half * 0.9 },
      label: 'ESTIMATED',
      n: 12
    })),
    paired: arms.slice(1).map(([name, value], i) => ({
      name,
      difference: { value: value - 0.412, low: value - 0.412 - 0.03 - 0.004 * i, high: value - 0.412 + 0.028 }
    })),
    confusion: {
      arm: 'hybrid',
      classes,
      counts: classes.map((_, i) =>
        classes.map((_, j) =>
          i === j ? 30 + Math.floor(40 * random()) : Math.floor(9 * random() * random())
        )
      )
    }
  };
}

/** Six arms that still run: a curve an arm and fold. */
export function armsSample(epochs = 14): ViewPayload & { kind: 'training' } {
  const random = randomSource(17);
  const arms = ['uniform', 'weights', 'clean', 'hybrid', 'target labels', 'paired'];
  return {
    ...trainingSample(),
    title: 'Ablation, training',
    subtitle: 'six arms, same seeds',
    facts: [],
    xLabel: 'epoch',
    yLabel: 'weighted cross-entropy',
    xMax: 30,
    kept: undefined,
    curves: arms.flatMap((name, k) =>
      (['F', 'C'] as const).map(fold => {
        const x = Array.from({ length: Math.max(0, epochs - 2 * k) }, (_, i) => i + 1);
        const end = (fold === 'F' ? 0.4 : 0.62) + 0.04 * k;
        return { name, fold, x, y: x.map(e => end + 1.5 * Math.exp(-e / 6) + 0.02 * normal(random)) };
      })
    )
  };
}

export function certificateSample(): ViewPayload & { kind: 'certificate' } {
  const grid = Array.from({ length: 51 }, (_, i) => 1 + i / 100);
  const assumptions = ['A2′', 'Γ = 1.10'];
  return {
    kind: 'certificate',
    version: 1,
    title: 'Certificate',
    subtitle: 'model against base, paired 0-1 loss, average paper, δ = 0.05',
    note: 'Rows, drugs or table kinds outside both samples, and any model but the two named.',
    facts: [{ name: 'Ledger', text: 'V opened 1 of 1. A second look costs δ and asks first.' }],
    blocks: [
      {
        title: 'Theorem 1B, held-out certificate (simulated data)',
        headline: 'D ≤ −0.009',
        words:
          'The model improves on the target, as long as no similarity weight is wrong by more than a factor 1.10. Holds with probability 0.95 over the 300 papers of V and 1,000 of U.',
        verdict: 'holds',
        terms: [
          {
            name: 'Estimate',
            symbol: 'c + mean Z',
            number: { value: -0.05, label: 'ESTIMATED', n: 300, unit: 'papers', fold: 'V' },
            help: 'Read with its width: only together are they a bound.'
          },
          {
            name: 'Width',
            symbol: 'betting, W = 2.0',
            number: { value: 0.034, label: 'CERTIFIED', n: 300, unit: 'papers' },
            help: 'Upper confidence limit of the mean of Z.'
          },
          {
            name: 'Tail',
            symbol: 'b on U',
            number: { value: 0.007, label: 'CERTIFIED', n: 1000, unit: 'papers' },
            help: 'What the cap W leaves out.'
          },
          {
            name: 'Embed',
            symbol: 'ε under A2′',
            number: { value: 0, label: 'CONDITIONAL', assumptions: ['A2′'] },
            help: 'Zero when the loss depends on z alone.'
          }
        ],
        bound: { value: -0.009, label: 'CONDITIONAL', assumptions },
        reference: 0,
        truth: { value: -0.041, label: 'ORACLE' },
        gamma: {
          grid,
          bound: grid.map(g => -0.0626 + 0.125 * (g - 1) + 0.031 * g + 0.007),
          now: 1.1,
          star: 1.15,
          at: grid.map(g => {
            const bound = -0.0626 + 0.125 * (g - 1) + 0.031 * g + 0.007;
            const holds = bound < 0;
            return {
              terms: [-0.0626 + 0.125 * (g - 1), 0.031 * g, 0.007, 0],
              headline: holds ? `D ≤ −${Math.abs(bound).toFixed(3)}` : 'Not resolved',
              words: holds
                ? `The model improves on the target, as long as no similarity weight is wrong by more than a factor ${g.toFixed(2)}. Holds with probability 0.95 over the 300 papers of V and 1,000 of U.`
                : `If weights may be wrong by a factor ${g.toFixed(2)}, a gain cannot be told from a loss.`,
              verdict: holds ? ('holds' as const) : ('unresolved' as const)
            };
          })
        },
        facts: [
          {
            name: 'Papers needed',
            number: { value: 190, label: 'ESTIMATED' },
            text: 'For a bound below 0 at Γ = 1.10. V has 300.'
          },
          {
            name: 'On the tilted source D_w ≤',
            number: { value: -0.021, label: 'CERTIFIED', n: 300, unit: 'papers' },
            text: 'Another population than the target: source papers, reweighted.'
          },
          { name: 'Γ_cal', number: { value: 1.08, label: 'ESTIMATED' }, text: 'A floor only.' }
        ]
      },
      {
        title: 'Theorem 1B, held-out certificate (pk-sample)',
        headline: 'Says nothing',
        words:
          '9 papers in V and 2 in U cannot tell a gain from a loss. The bound, +0.706, is far above 0. This is not evidence that the model is worse, only that more papers are needed.',
        verdict: 'vacuous',
        terms: [
          {
            name: 'Estimate',
            symbol: 'c + mean Z',
            number: { value: -0.046, label: 'ESTIMATED', n: 9, unit: 'papers' },
            help: 'Read with its width.'
          },
          {
            name: 'Width',
            symbol: '9 papers',
            number: { value: 0.422, label: 'CERTIFIED' },
            help: 'Set by the number of papers.'
          },
          { name: 'Tail', symbol: '2 papers', number: { value: 0.33, label: 'CERTIFIED' }, help: 'UCB of b.' }
        ],
        bound: { value: 0.706, label: 'CONDITIONAL', assumptions },
        reference: 0,
        facts: [
          { name: 'About 210 papers in V', text: 'with the capped weight, whose tail term is 0. V has 9.' },
          {
            name: 'Or collect target labels',
            number: { value: 95, label: 'CERTIFIED' },
            text: 'One a paper. Needs no Γ.'
          }
        ]
      }
    ]
  };
}

export function tableSample(): ViewPayload & { kind: 'table' } {
  const rows = Array.from({ length: 30 }, (_, i) => [
    `PMC11089${247 + i}`,
    i % 4 === 0
      ? 'Terminal half-life (t½), geometric mean (CV %), by CYP2D6 phenotype and renal function'
      : 'CL/F (L/h)',
    ['nca', 'poppk'][i % 2]!,
    12.5 + i * 1.25,
    i % 5 === 0 ? null : 8 + i
  ]);
  return {
    kind: 'table',
    version: 1,
    title: 'Samples',
    subtitle: 'one row a header',
    note: 'Captions, footnotes and the tables that had no header row.',
    facts: [{ name: 'Papers', text: '28, of which 7 have target tables and 6 both.' }],
    n: 1512,
    columns: [
      { name: 'paper', numeric: false },
      { name: 'text', numeric: false },
      { name: 'table_kind', numeric: false },
      { name: 'value', numeric: true },
      { name: 'n', numeric: true }
    ],
    rows
  };
}

/** Every kind once. */
export function samples(): ViewPayload[] {
  return [
    tableSample(),
    embeddingSample(),
    distributionSample(),
    denoisedSample(),
    trainingSample(),
    armsSample(),
    reportSample(),
    armReportSample(),
    certificateSample()
  ];
}
