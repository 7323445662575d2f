/**
 * The payloads of the one mime type by which a value shows itself. They are data, never markup: a reader
 * validates them with `parsePayload` (parse.ts) before it draws. A payload stays below about 1 MB; what is larger is
 * subsampled by whoever builds it, and says so (`shown` against `n`).
 */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { LABELS } from '../labels.js';

export const MIME = 'application/vnd.hysim.v1+json';

/** Rows that a saved payload holds at most: more are subsampled evenly, and it stays below about 1 MB. */
export const SAVED_ROWS = 4000;

const Text = Type.String({ maxLength: 4000 });
const Count = Type.Integer({ minimum: 0 });

/** Numbers as little-endian float32 in base64: a tenth of the size of JSON digits. */
export const Packed = Type.Object({
  type: Type.Literal('float32'),
  length: Count,
  data: Type.String({ contentEncoding: 'base64' })
});

/** Categories as uint8 codes in base64. At most 255 categories: a builder folds the rest into "other". */
export const Codes = Type.Object({
  type: Type.Literal('codes'),
  length: Count,
  categories: Type.Array(Text, { maxItems: 256 }),
  data: Type.String({ contentEncoding: 'base64' })
});

export const Labelled = Type.Object({
  value: Type.Union([Type.Number(), Type.Null()]),
  label: Type.Union(LABELS.map(name => Type.Literal(name))),
  assumptions: Type.Optional(Type.Array(Text)),
  n: Type.Optional(Type.Number()),
  unit: Type.Optional(Type.Union([Type.Literal('papers'), Type.Literal('rows')])),
  fold: Type.Optional(Text),
  help: Type.Optional(Text)
});

/** A line beside the picture: words alone, or words and a labelled number. */
export const Fact = Type.Object({
  name: Text,
  text: Type.Optional(Text),
  number: Type.Optional(Labelled)
});

/** Which rows of which data the drawn ones are: what a selection is shared by between the views of a notebook. */
export const Rows = Type.Object({
  /** Id of the Data that the numbers count in. */
  data: Text,
  /** Row number in Data of each row drawn; float32 holds whole numbers up to 2^24. */
  index: Packed
});

/** The parameters of the stage that made the value, which its view can try others of. */
export const Tune = Type.Object({
  stage: Text,
  /** Every parameter as the stage filled it in. */
  params: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 60 }),
  /** Names of those that can be tried at once, in the order in which they are offered. */
  names: Type.Array(Text, { maxItems: 20 })
});

/** How to reach the value behind the view while its kernel lives (common/live.ts). */
export const Live = Type.Object({
  /** Names the view to the kernel: the value's id and which view of it. */
  key: Text,
  tune: Type.Optional(Tune)
});

const base = {
  version: Type.Literal(1),
  live: Type.Optional(Live),
  title: Text,
  subtitle: Type.Optional(Text),
  /** One line on what the picture does not show. Every view has one. */
  note: Text,
  facts: Type.Array(Fact, { maxItems: 40 })
};

/** Rows of a table as printed, for a look at data. */
export const TablePayload = Type.Object({
  kind: Type.Literal('table'),
  ...base,
  n: Count,
  columns: Type.Array(Type.Object({ name: Text, numeric: Type.Boolean() }), { maxItems: 40 }),
  rows: Type.Array(Type.Array(Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Null()])), {
    maxItems: 200
  })
});

export const ColourColumn = Type.Union([
  Type.Object({ name: Text, label: Text, values: Codes }),
  Type.Object({
    name: Text,
    label: Text,
    values: Packed,
    scale: Type.Union([Type.Literal('linear'), Type.Literal('log')])
  })
]);

/** `share`: the part of the variance that lies along the axis, where it is a principal component. */
export const EmbeddingAxis = Type.Object({ label: Text, share: Type.Optional(Type.Number()) });

/** Points in a plane: of two principal components, or of UMAP. */
export const EmbeddingPayload = Type.Object({
  kind: Type.Literal('embedding'),
  ...base,
  /** Rows in all, and rows in this payload. */
  n: Count,
  shown: Count,
  x: Packed,
  y: Packed,
  axes: Type.Tuple([EmbeddingAxis, EmbeddingAxis]),
  /** 'source' or 'target' a row: the mark's shape. */
  domain: Codes,
  /** 1 where a row is flagged: drawn as a cross. */
  flagged: Type.Optional(Codes),
  columns: Type.Array(ColourColumn, { maxItems: 20 }),
  /** Name of the column that colours at first. */
  colour: Text,
  rows: Type.Optional(Rows),
  /** What a row says and where it stands, for hover. */
  text: Type.Array(Type.String({ maxLength: 200 })),
  place: Type.Array(Type.String({ maxLength: 200 }))
});

/** Histograms, source against target, with curves over them. */
export const DistributionPayload = Type.Object({
  kind: Type.Literal('distribution'),
  ...base,
  panels: Type.Array(
    Type.Object({
      title: Text,
      xLabel: Text,
      yLabel: Text,
      scale: Type.Union([Type.Literal('linear'), Type.Literal('log')]),
      /** Bin edges shared by the series; `heights` has one entry fewer. */
      edges: Type.Array(Type.Number()),
      series: Type.Array(
        Type.Object({
          name: Text,
          role: Type.Union([
            Type.Literal('source'),
            Type.Literal('target'),
            Type.Literal('flagged'),
            Type.Literal('other')
          ]),
          heights: Type.Array(Type.Number())
        })
      ),
      /** Curves on a right-hand axis of their own, e.g. the ratio, or kappa. */
      curves: Type.Array(
        Type.Object({
          name: Text,
          axis: Text,
          scale: Type.Union([Type.Literal('linear'), Type.Literal('log')]),
          x: Type.Array(Type.Number()),
          y: Type.Array(Type.Number())
        })
      ),
      /** Vertical lines, e.g. d0, or the cap. */
      marks: Type.Array(Type.Object({ x: Type.Number(), label: Text })),
      /** The rows that were binned, where a brush may select them and a selection may be shown among them. */
      points: Type.Optional(
        Type.Object({
          /** What each row has on the panel's axis. */
          values: Packed,
          /** The row's series: the one with the category's name, else the one in the category's place. */
          series: Codes,
          rows: Rows
        })
      )
    }),
    { minItems: 1, maxItems: 6 }
  ),
  /**
   * Rows beside the manifold, seen from its side: how far along its first direction (x), how far off (y >= 0). The
   * tube holds what lies within d0; beyond, the clean weight falls, by 1/sqrt(e) at d0 + h.
   */
  tube: Type.Optional(
    Type.Object({
      title: Text,
      xLabel: Text,
      yLabel: Text,
      n: Count,
      x: Packed,
      y: Packed,
      domain: Codes,
      /** 'flagged' or 'kept' a row. */
      flagged: Codes,
      d0: Type.Number({ minimum: 0 }),
      h: Type.Number({ minimum: 0 }),
      rows: Rows,
      text: Type.Array(Type.String({ maxLength: 200 })),
      place: Type.Array(Type.String({ maxLength: 200 }))
    })
  )
});

/** Loss against step. */
export const TrainingPayload = Type.Object({
  kind: Type.Literal('training'),
  ...base,
  xLabel: Text,
  yLabel: Text,
  /** Where x will end, while the training still runs: the axis does not change as points come in. */
  xMax: Type.Optional(Type.Number()),
  curves: Type.Array(
    Type.Object({
      name: Text,
      fold: Type.Union([Type.Literal('F'), Type.Literal('C')]),
      x: Type.Array(Type.Number()),
      y: Type.Array(Type.Number())
    })
  ),
  /** The checkpoint that was kept, and why. */
  kept: Type.Optional(Type.Object({ x: Type.Number(), y: Type.Number(), label: Text }))
});

const Interval = Type.Object({
  value: Type.Number(),
  low: Type.Number(),
  high: Type.Number()
});

const Confusion = Type.Object({
  arm: Text,
  classes: Type.Array(Text, { maxItems: 100 }),
  /** counts[true][predicted] */
  counts: Type.Array(Type.Array(Type.Number()))
});

/** Arms compared, and where one arm's mistakes lie. */
export const ReportPayload = Type.Object({
  kind: Type.Literal('report'),
  ...base,
  /** e.g. "macro F1 on target fold U". */
  metric: Text,
  higherIsBetter: Type.Boolean(),
  arms: Type.Array(Type.Object({ name: Text, score: Interval, label: Text, n: Count })),
  /** Differences to the first arm, paper by paper. */
  paired: Type.Array(Type.Object({ name: Text, difference: Interval })),
  confusion: Type.Optional(Confusion),
  /** One of each arm, to choose from; `confusion` is the one drawn at first, and among them. */
  confusions: Type.Optional(Type.Array(Confusion, { maxItems: 12 }))
});

const Verdict = Type.Union([
  Type.Literal('holds'),
  Type.Literal('vacuous'),
  Type.Literal('unresolved'),
  Type.Literal('information')
]);

/** One theorem's terms, stacked to its bound. */
export const CertificateBlock = Type.Object({
  title: Text,
  /** The one headline, e.g. "D ≤ −0.009", or "Says nothing". */
  headline: Text,
  /** What it means in words, and what would help. */
  words: Text,
  verdict: Verdict,
  terms: Type.Array(Type.Object({ name: Text, symbol: Text, number: Labelled, help: Text })),
  bound: Labelled,
  /** Value that the bound is read against, e.g. 0 for an improvement, 1 for a risk. */
  reference: Type.Number(),
  truth: Type.Optional(Labelled),
  /** The bound as the weights are allowed to be wrong by a factor Γ. */
  gamma: Type.Optional(
    Type.Object({
      grid: Type.Array(Type.Number()),
      bound: Type.Array(Type.Number()),
      now: Type.Number(),
      star: Type.Union([Type.Number(), Type.Null()]),
      /** What the block says at each Γ of the grid: its terms' values in order, and the words around them. */
      at: Type.Optional(
        Type.Array(
          Type.Object({
            terms: Type.Array(Type.Union([Type.Number(), Type.Null()])),
            headline: Text,
            words: Text,
            verdict: Verdict
          }),
          { maxItems: 200 }
        )
      )
    })
  ),
  facts: Type.Array(Fact)
});

export const CertificatePayload = Type.Object({
  kind: Type.Literal('certificate'),
  ...base,
  blocks: Type.Array(CertificateBlock, { minItems: 1, maxItems: 12 })
});

export const PAYLOADS = {
  table: TablePayload,
  embedding: EmbeddingPayload,
  distribution: DistributionPayload,
  training: TrainingPayload,
  report: ReportPayload,
  certificate: CertificatePayload
} satisfies Record<string, TSchema>;

export type Packed = Static<typeof Packed>;
export type Codes = Static<typeof Codes>;
export type Rows = Static<typeof Rows>;
export type Tune = Static<typeof Tune>;
export type Live = Static<typeof Live>;
export type Fact = Static<typeof Fact>;
export type ColourColumn = Static<typeof ColourColumn>;
export type TablePayload = Static<typeof TablePayload>;
export type EmbeddingAxis = Static<typeof EmbeddingAxis>;
export type EmbeddingPayload = Static<typeof EmbeddingPayload>;
export type DistributionPayload = Static<typeof DistributionPayload>;
export type TrainingPayload = Static<typeof TrainingPayload>;
export type ReportPayload = Static<typeof ReportPayload>;
export type CertificateBlock = Static<typeof CertificateBlock>;
export type CertificatePayload = Static<typeof CertificatePayload>;
export type ViewPayload =
  | TablePayload
  | EmbeddingPayload
  | DistributionPayload
  | TrainingPayload
  | ReportPayload
  | CertificatePayload;
