/** Headers and row labels straight from printed tables: the parts of tables that came without labelled ones. */
import type { PkTable, TablePart } from '../../common/tables.js';
import { guessKind } from './kind.js';
import { isUnit, splitUnit } from './units.js';

/** The texts above a column, from top to bottom; a text that a cell repeats down its rows once. */
function pathOf(table: PkTable, column: number): string[] {
  const texts = table.header_rows.map(row => row[column] ?? '').filter(text => text !== '');
  return texts.filter((text, i) => i === 0 || text !== texts[i - 1]);
}

/** Text and unit of a header's path: "Cmax (ng/mL)", or a last row of the header that is units alone. */
function splitPath(path: readonly string[]): { text: string; unit: string } {
  const printed = path.join(' | ');
  const last = path[path.length - 1] ?? '';
  const alone = /^[([](.+)[)\]]$/.exec(last)?.[1];
  if (path.length > 1 && alone !== undefined && isUnit(alone))
    return { text: path.slice(0, -1).join(' | '), unit: alone };
  return splitUnit(printed) ?? { text: printed, unit: '' };
}

/**
 * A part for each header of a column and each label of a row (the first column). Fields: `axis`, `text` and
 * `unit` apart where that is safe, `printed` (the text before), `caption`, `table_kind`, `label` (empty without
 * `header_class` or `row_class`), and `table_kind_guess` where the table's kind is not given. A row's unit is
 * that of a column headed "Unit", where there is one.
 * @param papers further fields by paper id
 */
export function headerParts(
  tables: readonly PkTable[],
  papers: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map()
): TablePart[] {
  const parts: TablePart[] = [];
  for (const table of tables) {
    const common = {
      ...papers.get(table.paper_id),
      caption: table.caption ?? '',
      table_kind: table.table_kind ?? '',
      ...(table.table_kind === undefined ? { table_kind_guess: guessKind(table) } : {})
    };
    const add = (axis: 'column' | 'row', index: number, fields: Record<string, string>): void => {
      parts.push({
        id: `${table.table_id}:${axis === 'column' ? 'C' : 'R'}${index}`,
        table: table.table_id,
        paper: table.paper_id,
        fields: { ...common, axis, ...fields }
      });
    };
    const width = Math.max(0, ...table.header_rows.map(row => row.length));
    let unitColumn = -1;
    for (let c = 0; c < width; c++) {
      const path = pathOf(table, c);
      if (path.length === 0) continue;
      if (/^units?$/i.test(path[path.length - 1]!)) unitColumn = c;
      const label = table.header_class?.[c] ?? '';
      add('column', c, { ...splitPath(path), printed: path.join(' | '), label });
    }
    table.rows.forEach((row, r) => {
      const printed = row[0] ?? '';
      if (printed === '') return;
      const given = unitColumn > 0 ? (row[unitColumn] ?? '') : '';
      const split = given === '' ? splitUnit(printed) : undefined;
      const label = table.row_class?.[r] ?? '';
      add('row', r, { text: split?.text ?? printed, unit: split?.unit ?? given, printed, label });
    });
  }
  return parts;
}
