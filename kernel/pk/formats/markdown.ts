/**
 * Tables of a Markdown file, through marked: GFM pipe tables, and HTML tables that stand in the Markdown. The
 * tables keep their order only within each kind.
 */
import type { Token, Tokens } from 'marked';
import { TableError } from '../../../common/errors.js';
import { captionBefore, footnotesAfter, type Block, type PrintedTable } from '../printed.js';
import { cleanText } from '../text.js';
import { tablesOf, textOf } from './html.js';

/** Signs that mean something in Markdown or HTML; a cell without any is its own text. */
const MARKED = /[\\`*_<&~[\]!]/;
const FRONT = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

/** Cells of a table's line, by GFM's rule: an unescaped pipe divides, those at the ends do not count. */
function countCells(line: string): number {
  const marks = [...line.trim().matchAll(/\\.|\|/g)].filter(match => match[0] === '|');
  const ends = [0, line.trim().length - 1].filter(at => marks.some(match => match.index === at));
  return marks.length - new Set(ends).size + 1;
}

/**
 * @throws TableError for a row with more cells than its header: GFM would drop them
 */
export async function readMarkdown(
  source: string,
  file: string,
  id: (n: number) => string
): Promise<PrintedTable[]> {
  const [{ Lexer, Parser }, { parseFragment }] = await Promise.all([import('marked'), import('parse5')]);
  const front = FRONT.exec(source);
  const paper = front && /^paper_id:[ \t]*["']?([^"'\r\n]*?)["']?[ \t]*$/m.exec(front[1]!)?.[1];
  const body = front ? source.slice(front[0].length) : source;
  const lexer = new Lexer({ gfm: true });
  const plain = (markdown: string): string =>
    MARKED.test(markdown)
      ? textOf(parseFragment(Parser.parseInline(lexer.inlineTokens(markdown))), file)
      : cleanText(markdown);

  const blocks: Block[] = [];
  const found: { table: PrintedTable; block: number }[] = [];
  const paragraph = (text: string): void => {
    const lines = text
      .split('\n')
      .map(plain)
      .filter(line => line !== '');
    const bold = /^(\*\*|__)(?:(?!\1)[\s\S])+\1$/.test(text.trim());
    if (lines.length > 0) blocks.push({ kind: 'paragraph', lines, bold });
  };
  const readTable = (token: Tokens.Table): void => {
    const name = id(found.length + 1);
    const lines = token.raw.trim().split('\n');
    lines.forEach((line, l) => {
      const n = countCells(line);
      if (l === 1 || n <= token.header.length) return;
      const row = l === 0 ? 1 : l;
      throw new TableError(
        { file, table: name, row },
        `${file}, table ${name}, row ${row}: ${n} cells under a header of ${token.header.length}. Write a pipe inside a cell as \\|, or widen the header.`
      );
    });
    const rows = [token.header, ...token.rows].map(row => row.map(cell => ({ text: plain(cell.text) })));
    // The line above the dashes is header; the format has no way to mark a second one.
    found.push({ table: { caption: '', rows, head: 1, atLeast: true, footnotes: [] }, block: blocks.length });
    blocks.push({ kind: 'table', lines: [] });
  };
  const visit = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (token.type === 'table') readTable(token as Tokens.Table);
      else if (token.type === 'heading')
        blocks.push({ kind: 'heading', lines: [plain((token as Tokens.Heading).text)] });
      else if (token.type === 'paragraph' || token.type === 'text')
        paragraph((token as Tokens.Paragraph).text);
      else if (token.type === 'blockquote') visit((token as Tokens.Blockquote).tokens);
      else if (token.type === 'list') {
        const list = token as Tokens.List;
        // "* p < 0.05" below a table is a footnote, whatever Markdown makes of it.
        if (/^\s*\*/.test(list.raw) && blocks[blocks.length - 1]?.kind === 'table')
          list.items.forEach(item => paragraph(`\\* ${item.text}`));
        else list.items.forEach(item => visit(item.tokens));
      } else if (token.type === 'html' && /<table\b/i.test(token.raw)) {
        const fragment = parseFragment(token.raw);
        for (const table of tablesOf(fragment, file, n => id(found.length + n))) {
          found.push({ table, block: blocks.length });
          blocks.push({ kind: 'table', lines: [] });
        }
      } else if (token.type === 'html') {
        const text = textOf(parseFragment(token.raw), file);
        if (text !== '') blocks.push({ kind: 'paragraph', lines: [text] });
      }
    }
  };
  visit(lexer.blockTokens(body.replace(/\r\n?/g, '\n'), []));
  for (const { table, block } of found) {
    if (table.caption === '') table.caption = captionBefore(blocks, block);
    table.footnotes.push(...footnotesAfter(blocks, block));
  }
  return found.map(({ table }) => ({ ...table, ...(paper ? { paper } : {}) }));
}
