/**
 * The text of a cell as a reader sees it: white space made plain, invisible marks taken out, superscripts kept.
 * It changes no sign, unit or number.
 */

/** A cell, caption or footnote longer than this many characters is refused: no printed table has one. */
export const MAX_TEXT = 20_000;

/** Marks that change the direction of text, and characters without width: they can hide what a cell says. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
/** Anything that cleaning would change: most cells have nothing of it, and big tables are read fast. */
const UNCLEAN =
  // eslint-disable-next-line no-control-regex -- as above
  /^ | $| {2}|[^\S ]|[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069]/;

/** White space as single spaces, trimmed; bidi controls, zero-width and control characters taken out. */
export function cleanText(text: string): string {
  if (!UNCLEAN.test(text)) return text;
  return text.replace(INVISIBLE, '').replace(CONTROL, '').replace(/\s+/g, ' ').trim();
}

const RAISED: Readonly<Record<string, string>> = Object.fromEntries(
  [...'0123456789+-−'].map((plain, i) => [plain, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻'][i]!])
);

/**
 * A superscript as text. Raised digits become Unicode's, because "10³" must not read 103 nor "45.2¹" 45.21;
 * a raised letter is a footnote's mark and stays a letter.
 */
export function superscript(text: string): string {
  return /^\s*[0-9+\-−]+\s*$/.test(text) ? [...text.trim()].map(sign => RAISED[sign]!).join('') : text;
}

const FOOTNOTE =
  /^(?:[*†‡§¶#‖^]|[⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠ]|\[?\(?[a-h][)\]]\s*\S|[a-h](?:[\s:=]\s*\S|[A-Z]\w.{8})|(?:notes?|abbreviations?|footnotes?)\s*[:.]|(?:values|data) (?:are|were|is)\b)/;

/** Whether a line reads like a table's footnote: it starts with a mark, "Note:", "Abbreviations:", "Data are". */
export function isFootnote(text: string): boolean {
  return FOOTNOTE.test(text) || /^(?:notes?|abbreviations?|footnotes?|values are|data are)\b/i.test(text);
}

/** Whether a line is a table's title: "Table 2", "Table S1. Mean values", "Supplementary Table 3". */
export function isTableTitle(text: string): boolean {
  return /^(?:(?:supplementa(?:l|ry)|extended data|appendix|additional)\s+)?tab(?:le|\.)\s*[a-z]?[-.]?(?:\d|[ivx]+\b)/i.test(
    text
  );
}

/** Whether a title is a number alone ("Table 2."), so that the words stand elsewhere. */
export function isBareTitle(text: string): boolean {
  return isTableTitle(text) && /^\D*[\w.-]+[.:]?$/.test(text.replace(/^.*?tab(?:le|\.)\s*/i, ''));
}
