/**
 * Tables of a JATS article (PubMed Central's and many publishers' XML), through parse-xml. That parser knows no
 * entities but XML's own five and numeric ones, and opens no other file, so entity bombs and external entities
 * are errors here. CALS tables (tgroup, row, entry) are not read.
 */
import type { XmlElement, XmlNode } from '@rgrove/parse-xml';
import { TableError } from '../../../common/errors.js';
import type { Cell } from '../grid.js';
import type { PrintedTable } from '../printed.js';
import { cleanText, superscript } from '../text.js';
import { span } from './html.js';

const MAX_DEPTH = 512;
const SILENT = new Set([
  'tex-math',
  'object-id',
  'graphic',
  'inline-graphic',
  'alt-text',
  'long-desc',
  'annotation'
]);
const BLOCK = new Set([
  'break',
  'p',
  'list',
  'list-item',
  'disp-formula',
  'title',
  'label',
  'fn',
  'sec',
  'def-item'
]);

const isElement = (node: XmlNode): node is XmlElement => node.type === 'element';
const local = (element: XmlElement): string => element.name.replace(/^.*:/, '');
const children = (element: XmlElement, ...names: string[]): XmlElement[] =>
  element.children.filter(isElement).filter(child => names.includes(local(child)));

function raw(element: XmlElement, skip: ReadonlySet<string>): string {
  let out = '';
  for (const node of element.children) {
    if (node.type === 'text' || node.type === 'cdata') out += (node as XmlNode & { text: string }).text;
    if (!isElement(node) || SILENT.has(local(node)) || skip.has(local(node))) continue;
    const inner = raw(node, skip);
    out += local(node) === 'sup' ? superscript(inner) : BLOCK.has(local(node)) ? ` ${inner} ` : inner;
  }
  return out;
}

const NONE: ReadonlySet<string> = new Set();
const textOf = (element: XmlElement, skip = NONE): string => cleanText(raw(element, skip));

/** Every element of these names below `root`, in order; not those inside another of them. */
function findAll(root: XmlElement, names: readonly string[], file: string, depth = 0): XmlElement[] {
  if (depth > MAX_DEPTH)
    throw new TableError(
      { file },
      `${file}: elements lie more than ${MAX_DEPTH} deep in one another. Save the article again from its publisher.`
    );
  return root.children
    .filter(isElement)
    .flatMap(child => (names.includes(local(child)) ? [child] : findAll(child, names, file, depth + 1)));
}

/** PMCID, else DOI, else PubMed id, else the publisher's id, as the article gives them. */
function paperOf(article: XmlElement): string | undefined {
  const meta = children(article, 'front').flatMap(front => children(front, 'article-meta'));
  const ids = new Map(
    meta
      .flatMap(element => children(element, 'article-id'))
      .map(id => [id.attributes['pub-id-type'] ?? '', textOf(id)])
  );
  const pmc = ids.get('pmcid') ?? ids.get('pmc') ?? ids.get('pmcaid');
  if (pmc) return /^PMC/i.test(pmc) ? pmc.toUpperCase() : `PMC${pmc}`;
  const pmid = ids.get('pmid');
  return ids.get('doi') ?? (pmid ? `PMID${pmid}` : ids.get('publisher-id'));
}

function readTable(table: XmlElement, file: string, id: string): Omit<PrintedTable, 'caption' | 'footnotes'> {
  const groups: Record<string, { cells: Cell[]; heads: boolean }[]> = { thead: [], tbody: [], tfoot: [] };
  let count = 0;
  const visit = (parent: XmlElement, group: string): void => {
    for (const child of parent.children.filter(isElement)) {
      const name = local(child);
      if (name in groups) visit(child, name);
      if (name !== 'tr') continue;
      count++;
      const own = children(child, 'td', 'th');
      const cells = own.map((cell, c): Cell => {
        if (cell.children.some(isElement) && findAll(cell, ['table'], file).length > 0)
          throw new TableError(
            { file, table: id, row: count, column: `${c + 1}` },
            `${file}, table ${id}, row ${count}, column ${c + 1}: there is a table inside this cell. Take it out, or give it a place of its own.`
          );
        return {
          text: textOf(cell),
          colspan: span(cell.attributes['colspan']),
          rowspan: span(cell.attributes['rowspan'])
        };
      });
      if (cells.length > 0) groups[group]!.push({ cells, heads: own.every(cell => local(cell) === 'th') });
    }
  };
  visit(table, 'tbody');
  const rows = [...groups['thead']!, ...groups['tbody']!, ...groups['tfoot']!];
  const marked = groups['thead']!.length || rows.findIndex(row => !row.heads);
  return { rows: rows.map(row => row.cells), ...(marked > 0 ? { head: marked } : {}) };
}

/** @throws TableError when the file is not XML or not JATS, or when a table lies inside a cell */
export async function readJats(
  text: string,
  file: string,
  id: (n: number) => string
): Promise<PrintedTable[]> {
  const { parseXml, XmlError } = await import('@rgrove/parse-xml');
  let root: XmlElement | null;
  try {
    root = parseXml(text).root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const why = error.message.split('\n')[0]!.replace(/\.?\s*\(line.*$/, '');
    throw new TableError(
      { file, line: error.line },
      `${file}, line ${error.line}: not XML that can be read: ${why}. Entities other than XML's own are not read, and no other file is opened; save the article again from its publisher.`
    );
  }
  const articles = root ? (local(root) === 'article' ? [root] : findAll(root, ['article'], file)) : [];
  if (articles.length === 0) {
    throw new TableError(
      { file },
      `${file}: no JATS article: it has no <article>, its root is <${root?.name}>. Give the full text's JATS XML, or a table as HTML, Markdown, CSV or XLSX.`
    );
  }
  const found: PrintedTable[] = [];
  for (const article of articles) {
    const paper = paperOf(article);
    for (const wrap of findAll(article, ['table-wrap', 'table'], file)) {
      const alone = local(wrap) === 'table';
      const label = children(wrap, 'label').map(element => textOf(element));
      const caption = children(wrap, 'caption').map(element => textOf(element));
      const feet = children(wrap, 'table-wrap-foot');
      const notes = feet.flatMap(foot => findAll(foot, ['fn', 'p', 'attrib'], file));
      for (const table of alone ? [wrap] : findAll(wrap, ['table'], file)) {
        if (findAll(table, ['tgroup'], file).length > 0)
          throw new TableError(
            { file, table: id(found.length + 1) },
            `${file}, table ${id(found.length + 1)}: a CALS table (tgroup, row, entry). Only XHTML tables (tr, td) are read; convert it first.`
          );
        found.push({
          ...readTable(table, file, id(found.length + 1)),
          caption: [...label, ...caption].join(' '),
          footnotes: notes.map(note => textOf(note)).filter(note => note !== ''),
          ...(paper ? { paper } : {})
        });
      }
    }
  }
  return found;
}
