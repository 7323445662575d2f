/**
 * What denoising shows of itself: histograms of the distance with the clean weight over them, and the tube, the
 * manifold seen from its side. Folds F and C alone. Computes nothing that a value holds.
 */
import { packCategories } from '../../../common/views/pack.js';
import type { DistributionPayload, Fact, TablePayload } from '../../../common/views/payload.js';
import { kappaAt } from '../../theory/index.js';
import type { Denoised } from './denoised.js';
import { denoiserWords, flagHelp, gainWords, referenceWords, warningsOf } from './denoised-words.js';
import { codesOf, evenly, packAs, rowsOf, wordsOf, type Extent } from './extent.js';
import { binEdges, histogram } from './histogram.js';
import { shown } from './shown.js';

function reviewed({ decisions, heldOut, elsewhere }: Denoised['review']): Fact[] {
  if (decisions.size + heldOut + elsewhere === 0) return [];
  const words = [`${decisions.size} applied`];
  if (heldOut > 0) words.push(`${heldOut} not applied: their papers certify (V, U)`);
  if (elsewhere > 0) words.push(`${elsewhere} about samples that are not in this data`);
  return [{ name: 'decisions', text: words.join('; ') }];
}

function factsOf(value: Denoised): Fact[] {
  const { manifold } = value;
  const votes = Object.entries(manifold.votes).map(([name, vote]) => `${name} ${vote.toFixed(1)}`);
  const decided = value.decisions.size;
  return [
    ...warningsOf(manifold).map(text => ({ name: 'warning', text })),
    {
      name: 'global PCA',
      text: `rank ${manifold.rank}, ${Math.round(100 * manifold.share)} % of the variance`
    },
    {
      name: 'intrinsic dimension',
      number: { value: manifold.dimension, label: 'ESTIMATED', help: `votes: ${votes.join(', ')}` }
    },
    { name: 'votes', text: `${votes.join(', ')}${manifold.disagree ? ': they disagree' : ''}` },
    { name: 'projection', text: denoiserWords(manifold) },
    { name: 'gain of local planes', text: gainWords(manifold) },
    {
      name: 'reach τ',
      number: shown({
        value: manifold.reach,
        label: 'ESTIMATED',
        help: 'How tightly the manifold bends: too large where rows are sparse, too small where noise is left in them.'
      })
    },
    { name: 'reference', text: referenceWords(manifold) },
    ...manifold.theorem2.map(({ name, number }) => ({
      // A person's κ is not a function of the distance: what the theorem says is said of the other rows.
      name: decided > 0 ? `${name}, rows not decided by a person` : name,
      number: shown(number)
    })),
    ...reviewed(value.review),
    {
      name: 'rows flagged',
      number: {
        value: value.flags,
        label: 'ESTIMATED',
        unit: 'rows',
        help: flagHelp(manifold)
      }
    }
  ];
}

/** Where nothing was measured there is nothing to draw: what the rows count, and that is all. */
export function bypassedView(value: Denoised): TablePayload {
  const { data } = value.space;
  const open = value.openRows();
  const count = (domain: string, wanted: (kappa: number) => boolean): number =>
    open.filter(i => data.domain[i] === domain && wanted(value.columns.kappa[i]!)).length;
  return {
    kind: 'table',
    version: 1,
    title: 'Denoising, bypassed',
    subtitle: `${value.flagWords()}${value.decidedWords()}`,
    note: 'folds V and U, which certify; and whether any row is noise: nobody looked.',
    facts: reviewed(value.review),
    n: 2,
    columns: [
      { name: 'domain', numeric: false },
      { name: 'rows that count', numeric: true },
      { name: 'rows dropped', numeric: true }
    ],
    rows: ['source', 'target'].map(domain => [
      domain,
      count(domain, kappa => kappa > 0),
      count(domain, kappa => kappa === 0)
    ])
  };
}

function tubeOf(value: Denoised, shown: readonly number[], extent: Extent): DistributionPayload['tube'] {
  const { manifold, columns, space } = value;
  const { data } = space;
  return {
    title: 'The manifold from its side',
    xLabel: 'along the first principal component',
    yLabel: 'distance to the computed projection',
    n: value.openRows().length,
    x: packAs(
      extent,
      shown.map(i => manifold.along[i]!)
    ),
    y: packAs(
      extent,
      shown.map(i => columns.distance[i]!)
    ),
    domain: packCategories(shown.map(i => data.domain[i]!)),
    flagged: packCategories(shown.map(i => (columns.flagged[i] ? 'flagged' : 'kept'))),
    d0: manifold.d0,
    h: manifold.h,
    rows: rowsOf(data, shown, extent),
    ...wordsOf(data, shown, extent)
  };
}

export function denoisedView(value: Denoised, extent: Extent): DistributionPayload {
  const { manifold, columns, space } = value;
  const { data } = space;
  const open = value.openRows();
  const shown = evenly(open, extent);
  const of = (rows: readonly number[]): number[] => rows.map(i => columns.distance[i]!);
  const flagged = open.filter(i => columns.flagged[i]);
  const edges = binEdges(of(open), 'linear', 40);
  const xs = Array.from({ length: 121 }, (_, i) => edges[0]! + ((edges.at(-1)! - edges[0]!) * i) / 120);
  const { d0, h } = manifold;
  const domains = ['source', 'target'] as const;
  return {
    kind: 'distribution',
    version: 1,
    title: 'Distance to the manifold',
    subtitle: `${value.flagWords()}${value.decidedWords()}`,
    note: 'folds V and U, which certify; and whether a row far out is wrong or only rare: a flag asks a person.',
    facts: factsOf(value),
    panels: [
      {
        title: 'Distance, source against target',
        xLabel: 'distance to the computed projection',
        yLabel: 'share of rows',
        scale: 'linear',
        edges,
        series: [
          ...domains.map(domain =>
            histogram(domain, domain, of(open.filter(i => data.domain[i] === domain)), edges)
          ),
          ...(flagged.length > 0 ? [histogram('flagged', 'flagged', of(flagged), edges)] : [])
        ],
        curves: [
          {
            name: 'κ',
            axis: 'clean weight κ',
            scale: 'linear',
            x: xs,
            // Where nothing is projected there is no bandwidth, and every row counts as clean.
            y: xs.map(x => (h > 0 ? kappaAt({ d0, h }, x) : 1))
          }
        ],
        marks: [
          { x: d0, label: 'd₀' },
          { x: d0 + h, label: 'd₀ + h' }
        ],
        points: {
          values: packAs(extent, of(shown)),
          // A flagged row is counted in its domain as well, and stands there.
          series: codesOf(
            domains,
            shown.map(i => domains.indexOf(data.domain[i]!))
          ),
          rows: rowsOf(data, shown, extent)
        }
      }
    ],
    tube: tubeOf(value, shown, extent)
  };
}
