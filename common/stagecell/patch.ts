/** Several edits of a text, each made on what the one before left, as edits of the text as it was. Knows no code. */

/** Characters `from` (included) to `to` (excluded) become `insert`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A piece of the text as it is now: kept from the original, or new. */
type Piece = { readonly from: number; readonly to: number } | { readonly text: string };

const lengthOf = (piece: Piece): number => ('text' in piece ? piece.text.length : piece.to - piece.from);

function cut(piece: Piece, from: number, to: number): Piece {
  return 'text' in piece
    ? { text: piece.text.slice(from, to) }
    : { from: piece.from + from, to: piece.from + to };
}

export class Patch {
  private pieces: Piece[];

  constructor(private readonly original: string) {
    this.pieces = [{ from: 0, to: original.length }];
  }

  /** The text as it is now. */
  get text(): string {
    return this.pieces
      .map(piece => ('text' in piece ? piece.text : this.original.slice(piece.from, piece.to)))
      .join('');
  }

  /** Edits the text as it is now. */
  replace(from: number, to: number, insert = ''): void {
    const head: Piece[] = [];
    const tail: Piece[] = [];
    let at = 0;
    for (const piece of this.pieces) {
      const length = lengthOf(piece);
      if (at < from) head.push(cut(piece, 0, Math.min(length, from - at)));
      if (at + length > to) tail.push(cut(piece, Math.max(0, to - at), length));
      at += length;
    }
    this.pieces = [...head, { text: insert }, ...tail].filter(piece => lengthOf(piece) > 0);
  }

  /** What leads from the original to the text as it is now: in order, apart from each other. */
  get edits(): Edit[] {
    const edits: Edit[] = [];
    let at = 0;
    let insert = '';
    const end: Piece = { from: this.original.length, to: this.original.length };
    for (const piece of [...this.pieces, end]) {
      if ('text' in piece) {
        insert += piece.text;
        continue;
      }
      if (piece.from > at || insert) edits.push({ from: at, to: piece.from, insert });
      at = piece.to;
      insert = '';
    }
    return edits;
  }
}

/** The text after edits that are in order and apart from each other. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const { from, to, insert } of edits) {
    text += source.slice(at, from) + insert;
    at = to;
  }
  return text + source.slice(at);
}
