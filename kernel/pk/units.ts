/**
 * Units printed with a header: "Cmax (ng/mL)" is the text "Cmax" and the unit "ng/mL". A unit is split off only
 * when it cannot be read as anything else; nothing is converted.
 */

const PREFIX = '(?:da|[fpnuµμmcdkMG])?';
const BASE = [
  'g|gram|mol|M|L|l|liters?|litres?|Da|IU|U|units?|Bq|Ci|cal|J|Pa|Hz|V|m|[Ee]q',
  'h|hrs?|hours?|min|mins|minutes?|s|sec|seconds?|d|days?|wk|weeks?|months?|mo|y|yrs?|years?'
].join('|');
const POWER = '(?:\\^?[-−–⁻]?[1-3]|[⁻]?[¹²³])?';
const ATOM = `(?:${PREFIX}(?:${BASE})|kg|mmHg|mcg|%|‰|ppm|ppb|bpm|°C|ng|pg)${POWER}`;
const FACTOR = '(?:10\\^?[-−⁻]?[\\d⁰¹²³⁴⁵⁶⁷⁸⁹]+\\s*)?';
const JOIN = '(?:\\s*[/·⋅∙•×*.⁄]\\s*|\\s+)';
const UNIT = new RegExp(`^${FACTOR}\\(?${ATOM}(?:${JOIN}\\(?(?:\\d[\\d.]*\\s*)?${ATOM}\\)?)*\\)?$`, 'u');

/** Words after which "(min)" or "(s)" is no unit: a statistic, or a plural. */
const STATISTIC =
  /\b(?:mean|median|range|max|minimum|maximum|value|n|no|number|patients?|subjects?|total|sd|se)\.?$/i;
/** Single letters that are units; the others are footnote marks, symbols or plurals. */
const LETTERS = new Set(['h', 'L', 'g']);

function balanced(text: string): boolean {
  return text.split('(').length === text.split(')').length;
}

/** Whether `text` as a whole is a unit: "ng/mL", "h ng−1 ml−1", "%", "L/h/kg". */
export function isUnit(text: string): boolean {
  return text.length <= 40 && balanced(text) && UNIT.test(text.trim());
}

/**
 * A header and its unit, where the header ends in one in parentheses or brackets, or after a comma. "n (%)",
 * "Male (M)", "tmax (min)" after a statistic and "AUC (d)" are left alone.
 */
export function splitUnit(text: string): { text: string; unit: string } | undefined {
  const match = /^(.*\S)(\s*)[([]([^[\]]+)[)\]]$/u.exec(text) ?? /^(.*\S),(\s+)([^,]+)$/u.exec(text);
  if (!match) return undefined;
  const unit = match[3]!.trim();
  const name = match[1]!.trim();
  if (!isUnit(unit) || !balanced(name)) return undefined;
  if (unit.length === 1 && unit !== '%' && !(LETTERS.has(unit) && match[2] !== '')) return undefined;
  if (STATISTIC.test(name) && !/[/·⋅]/.test(unit)) return undefined;
  return { text: name, unit };
}
