/**
 * Puts members into a list between brackets and takes them out, as a person would write them: object literals and
 * arguments. Knows commas, line breaks and comments, and no values.
 */
import type { SyntaxNode } from '@lezer/common';
import { isComment } from './parse.js';
import type { Patch } from './patch.js';

/** Where a new member goes that is to follow `last`: after the comments that stand behind it in its line. */
function behind(text: string, last: SyntaxNode): { comma: number; end: number; lineComment: boolean } {
  let comma = -1;
  let end = last.to;
  let lineComment = false;
  for (let next = last.nextSibling; next; next = next.nextSibling) {
    if (text.slice(end, next.from).includes('\n')) break;
    if (next.name === ',') comma = next.from;
    else if (isComment(next)) lineComment = next.name === 'LineComment';
    else break;
    end = next.to;
    if (lineComment) break;
  }
  return { comma, end, lineComment };
}

/** The comma after a member, in its line or a later one. */
function commaAfter(member: SyntaxNode): SyntaxNode | undefined {
  let next = member.nextSibling;
  while (next && isComment(next)) next = next.nextSibling;
  return next?.name === ',' ? next : undefined;
}

/** @param padding what stands inside the brackets of a list of one, where there is nothing else */
export function insertMember(
  patch: Patch,
  list: SyntaxNode,
  members: readonly SyntaxNode[],
  code: string,
  padding = ' '
): void {
  const { text } = patch;
  const last = members.at(-1);
  if (!last) {
    const [from, to] = [list.from + 1, list.to - 1];
    if (text.slice(from, to).trim() === '') patch.replace(from, to, `${padding}${code}${padding}`);
    else patch.replace(from, from, `${padding}${code}`);
    return;
  }
  const start = text.lastIndexOf('\n', last.from - 1) + 1;
  const indent = /^\s*/.exec(text.slice(start, last.from))![0];
  const ownLine = start > 0 && start + indent.length === last.from;
  const trailing = commaAfter(last);
  const { comma, end, lineComment } = behind(text, last);
  // A comma that stands below the comments is passed as well.
  const at = trailing && comma < 0 ? trailing.to : end;
  const gap = ownLine || lineComment ? `\n${ownLine ? indent : `${indent}  `}` : ' ';
  if (trailing) {
    patch.replace(at, at, `${gap}${code},`);
  } else if (lineComment) {
    patch.replace(at, at, `${gap}${code}`);
    patch.replace(last.to, last.to, ',');
  } else {
    patch.replace(at, at, `,${gap}${code}`);
  }
}

/** @param members of the list, in order; `gone` is one of them */
export function removeMember(
  patch: Patch,
  list: SyntaxNode,
  members: readonly SyntaxNode[],
  gone: SyntaxNode
): void {
  const { text } = patch;
  const comma = commaAfter(gone);
  if (members.length === 1 && !list.getChild('LineComment') && !list.getChild('BlockComment')) {
    patch.replace(list.from + 1, list.to - 1);
    return;
  }
  const index = members.indexOf(gone);
  const isLast = index === members.length - 1;
  const spaceAfter = (from: number): number => from + /^\s*/.exec(text.slice(from))![0].length;
  const spaceBefore = (to: number): number => to - /\s*$/.exec(text.slice(0, to))![0].length;
  // The break after a line comment ends it: it stays unless another follows.
  const follows = /^[ \t]*\n/.test(text.slice(comma?.to ?? gone.to));
  const keepBreak = gone.prevSibling?.name === 'LineComment' && !follows;
  if (!isLast) {
    // Up to the next member or comment, which takes its place.
    if (comma && text.slice(gone.to, comma.from).trim() !== '') {
      patch.replace(comma.from, comma.to);
      patch.replace(gone.from, spaceAfter(gone.to));
    } else {
      patch.replace(gone.from, spaceAfter(comma?.to ?? gone.to));
    }
    return;
  }
  if (comma) patch.replace(comma.from, comma.to);
  patch.replace(keepBreak ? gone.from : spaceBefore(gone.from), gone.to);
  const previous = members[index - 1];
  const separator = previous && commaAfter(previous);
  if (separator && !comma) patch.replace(separator.from, separator.to);
}
