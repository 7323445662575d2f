/**
 * Tables of an HTML page, through parse5. Only text is taken: scripts, styles and templates are skipped, nothing
 * is run or fetched.
 */
import type { DefaultTreeAdapterTypes } from 'parse5';
import { TableError } from '../../../common/errors.js';
import type { Cell } from '../grid.js';
import { captionBefore, footnotesAfter, type Block, type PrintedTable } from '../printed.js';
import { cleanText, superscript } from '../text.js';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** Browsers stop at 512, too. */
const MAX_DEPTH = 512;
const SILENT = new Set(['script', 'style', 'template', 'noscript', 'head', 'svg', 'iframe', 'object']);
const BLOCK = new Set(
  'address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' '
  )
);

export function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

function tooDeep(file: string): TableError {
  return new TableError(
    { file },
    `${file}: elements lie more than ${MAX_DEPTH} deep in one another. Save the tables alone and load them again.`
  );
}

function collect(node: Node, out: string[], skip: ReadonlySet<string>, depth: number, file: string): void {
  if (depth > MAX_DEPTH) throw tooDeep(file);
  if ('value' in node) out.push(node.value);
  if (!('childNodes' in node)) return;
  if (isElement(node)) {
    if (SILENT.has(node.tagName) || skip.has(node.tagName)) return;
    if (node.tagName === 'sup') {
      const inner: string[] = [];
      for (const child of node.childNodes) collect(child, inner, skip, depth + 1, file);
      out.push(superscript(inner.join('')));
      return;
    }
    if (BLOCK.has(node.tagName)) out.push(node.tagName === 'br' ? '\n' : ' ');
  }
  for (const child of node.childNodes) collect(child, out, skip, depth + 1, file);
  if (isElement(node) && BLOCK.has(node.tagName) && node.tagName !== 'br') out.push(' ');
}

const NONE: ReadonlySet<string> = new Set();

/** The text of an element as a reader sees it. */
export function textOf(node: Node, file: string): string {
  const only = 'childNodes' in node && node.childNodes.length === 1 ? node.childNodes[0]! : undefined;
  if (only && only.nodeName === '#text') return cleanText((only as DefaultTreeAdapterTypes.TextNode).value);
  const out: string[] = [];
  collect(node, out, NONE, 0, file);
  return cleanText(out.join(''));
}

function linesOf(node: Node, file: string): string[] {
  const out: string[] = [];
  if ('childNodes' in node) for (const child of node.childNodes) collect(child, out, NONE, 0, file);
  return out
    .map(text => (text === '\n' ? text : text.replace(/\n/g, ' ')))
    .join('')
    .split('\n')
    .map(cleanText)
    .filter(line => line !== '');
}

const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find(attr => attr.name === name)?.value;

/** A span as HTML reads it: a whole number, or 1. */
export function span(value: string | undefined): number | undefined {
  const number = value === undefined ? NaN : Number.parseInt(value, 10);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** The elements that have a table somewhere inside them. */
function holdersOf(root: Node, file: string): ReadonlySet<Node> {
  const holders = new Set<Node>();
  const visit = (node: Node, depth: number): boolean => {
    if (depth > MAX_DEPTH) throw tooDeep(file);
    if (!('childNodes' in node)) return false;
    let holds = false;
    for (const child of node.childNodes) {
      if (!('childNodes' in child)) continue;
      const inside = visit(child, depth + 1);
      if (inside || (isElement(child) && child.tagName === 'table')) holds = true;
    }
    if (holds) holders.add(node);
    return holds;
  };
  visit(root, 0);
  return holders;
}

interface Row {
  cells: Cell[];
  group: string;
  heads: boolean;
}

function rowsOf(table: Element, holders: ReadonlySet<Node>, file: string, id: string): Row[] {
  const rows: Row[] = [];
  const visit = (parent: Element, group: string): void => {
    for (const child of parent.childNodes) {
      if (!isElement(child)) continue;
      if (['thead', 'tbody', 'tfoot'].includes(child.tagName)) visit(child, child.tagName);
      if (child.tagName !== 'tr') continue;
      const own = child.childNodes
        .filter(isElement)
        .filter(({ tagName }) => tagName === 'td' || tagName === 'th');
      const cells = own.map((cell, c): Cell => {
        if (holders.has(cell)) {
          const at = `row ${rows.length + 1}, column ${c + 1}`;
          throw new TableError(
            { file, table: id, row: rows.length + 1, column: `${c + 1}` },
            `${file}, table ${id}, ${at}: there is a table inside this cell. Which rows belong together cannot be told; take the inner table out, or give it a place of its own.`
          );
        }
        return {
          text: textOf(cell, file),
          colspan: span(attribute(cell, 'colspan')),
          rowspan: span(attribute(cell, 'rowspan'))
        };
      });
      rows.push({ cells, group, heads: own.length > 0 && own.every(({ tagName }) => tagName === 'th') });
    }
  };
  visit(table, 'tbody');
  return rows;
}

function readTable(table: Element, holders: ReadonlySet<Node>, file: string, id: string): PrintedTable {
  const rows = rowsOf(table, holders, file, id).filter(row => row.cells.length > 0);
  const inGroup = (group: string): Row[] => rows.filter(row => row.group === group);
  const feet = inGroup('tfoot');
  // A foot of single cells holds notes; a foot with columns holds the last rows.
  const notes = feet.filter(row => row.cells.length === 1).map(row => row.cells[0]!.text);
  const heads = inGroup('thead');
  const ordered = [...heads, ...inGroup('tbody'), ...feet.filter(row => row.cells.length > 1)];
  const marked = heads.length > 0 ? heads.length : ordered.findIndex(row => !row.heads);
  const caption = table.childNodes.filter(isElement).find(({ tagName }) => tagName === 'caption');
  return {
    caption: caption ? textOf(caption, file) : '',
    rows: ordered.map(row => row.cells),
    ...(marked > 0 ? { head: marked } : {}),
    footnotes: notes.filter(note => note !== '')
  };
}

/** The tables of a parsed page or piece of one, in order, and the text around them. */
export function tablesOf(root: Node, file: string, id: (n: number) => string): PrintedTable[] {
  const holders = holdersOf(root, file);
  const blocks: Block[] = [];
  const found: { table: PrintedTable; block: number }[] = [];
  const visit = (node: Node, figure: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw tooDeep(file);
    if (!('childNodes' in node)) return;
    for (const child of node.childNodes) {
      if (!isElement(child)) {
        if ('value' in child && cleanText(child.value) !== '')
          blocks.push({ kind: 'paragraph', lines: [cleanText(child.value)] });
        continue;
      }
      const tag = child.tagName;
      if (SILENT.has(tag) || tag === 'figcaption') continue;
      if (tag === 'table') {
        const table = readTable(child, holders, file, id(found.length + 1));
        if (table.caption === '') table.caption = figure;
        found.push({ table, block: blocks.length });
        blocks.push({ kind: 'table', lines: [] });
      } else if (tag === 'figure') {
        const caption = child.childNodes.filter(isElement).find(inner => inner.tagName === 'figcaption');
        visit(child, caption ? textOf(caption, file) : '', depth + 1);
      } else if (/^h[1-6]$/.test(tag)) {
        blocks.push({ kind: 'heading', lines: [textOf(child, file)] });
      } else if (
        holders.has(child) ||
        child.childNodes.some(c => isElement(c) && BLOCK.has(c.tagName) && c.tagName !== 'br')
      ) {
        visit(child, figure, depth + 1);
      } else {
        const lines = linesOf(child, file);
        const inner = child.childNodes.filter(c => isElement(c) || textOf(c, file) !== '');
        const bold =
          /^(?:b|strong)$/.test(tag) ||
          (inner.length === 1 && isElement(inner[0]!) && /^(?:b|strong)$/.test(inner[0].tagName));
        if (lines.length > 0) blocks.push({ kind: 'paragraph', lines, bold });
      }
    }
  };
  visit(root, '', 0);
  for (const { table, block } of found) {
    if (table.caption === '') table.caption = captionBefore(blocks, block);
    table.footnotes.push(...footnotesAfter(blocks, block));
  }
  return found.map(({ table }) => table);
}

/** @throws TableError for a table inside a cell, or elements too deep in one another */
export async function readHtml(
  text: string,
  file: string,
  id: (n: number) => string
): Promise<PrintedTable[]> {
  const { parse } = await import('parse5');
  const page = parse(text);
  const paper = /<meta\s+name=["']?paper_id["']?\s+content=["']?([^"'>\s]+)/i.exec(text)?.[1];
  return tablesOf(page, file, id).map(table => ({ ...table, ...(paper ? { paper } : {}) }));
}
