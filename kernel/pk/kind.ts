/**
 * A guess at what an unlabelled table reports, from words anyone can check. It is a column of its own,
 * `table_kind_guess`; it never stands in for a given `table_kind`.
 */
import type { PkTable } from '../../common/tables.js';

const POPULATION =
  /population pharmacokinetic|pop\s?pk|nonmem|\b(?:bsv|iiv|iov|rse|shrinkage|bootstrap|omega|covariate)\b|inter-?individual|between-subject|typical value|residual (?:error|variability)|[θω]/i;
const NON_COMPARTMENTAL =
  /\bauc|\bc\s?max\b|\bt\s?max\b|\bc\s?min\b|half-?life|\bt\s?1\/2|\bt½|\bcl\/f\b|clearance|\bv[dz](?:ss)?\b|\bmrt\b|bioavailab|pharmacokinetic/i;

/** "poppk" by words of population models in caption, headers or row labels; else "nca" by its parameters; else "other". */
export function guessKind(table: PkTable): 'poppk' | 'nca' | 'other' {
  const said = [
    table.caption ?? '',
    ...table.header_rows.flat(),
    ...table.rows.map(row => row[0] ?? '')
  ].join('\n');
  return POPULATION.test(said) ? 'poppk' : NON_COMPARTMENTAL.test(said) ? 'nca' : 'other';
}
