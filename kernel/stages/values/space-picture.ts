/** What an embedding's picture says of itself: its axes, what it does not show, how far it can be believed. Draws nothing. */
import type { EmbeddingAxis, Fact } from '../../../common/views/payload.js';
import type { PictureCoordinates } from '../../engine/index.js';
import { fromJson, toJson } from '../../theory/index.js';

export function axesOf({ method, dimensions, shares }: PictureCoordinates): EmbeddingAxis[] {
  const name = method === 'umap' ? 'UMAP' : 'PC';
  return Array.from({ length: dimensions }, (_, axis) => ({
    label: `${name} ${axis + 1}`,
    ...(shares ? { share: shares[axis] } : {})
  }));
}

/** A sentence for the line that tells what a picture does not show. */
export function notShown({ method, shares = [] }: PictureCoordinates): string {
  return method === 'umap'
    ? 'how far apart groups are and how dense: UMAP keeps neighbours, not distances.'
    : `${Math.round(100 * (1 - (shares[0] ?? 0) - (shares[1] ?? 0)))} % of the variance.`;
}

export function factsOf({ trust }: PictureCoordinates): Fact[] {
  if (!trust) return [];
  const help = `How far the ${trust.neighbors} nearest rows in the picture are near in all dimensions, on ${trust.rows.toLocaleString('en')} rows: 1 is best, about 0.5 is chance.`;
  const { value, rows } = trust;
  return [{ name: 'trustworthiness', number: { value, label: 'ESTIMATED', n: rows, unit: 'rows', help } }];
}

/** How many rows the picture was fitted on where these are not all, in words. */
export function fittedWords({ fitted }: PictureCoordinates): string {
  return fitted === undefined ? '' : `, picture fitted on ${fitted.toLocaleString('en')}`;
}

export const writePicture = (picture: PictureCoordinates): string => toJson(picture);

/** What `writePicture` wrote of `rows` rows. @throws Error for anything else */
export function readPicture(text: string | undefined, rows: number): PictureCoordinates {
  const picture = fromJson<PictureCoordinates>(text ?? 'null');
  if (picture?.values?.length !== rows * picture?.dimensions)
    throw new Error('the picture of an embedding is not what was written');
  return picture;
}
