/**
 * The typeface of the pictures made in the kernel. Inter ships with the package, so that a picture looks the
 * same on every machine; the fonts of the machine are never asked for.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';
import { ModelError } from '../../common/errors.js';

/** A name of our own: a font called Inter on the machine must not get mixed in. */
export const FAMILY = 'HySim Inter';

const FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];
let registered = false;

/** Registers the two weights once. @throws ModelError when a font file is missing. */
export function registerFonts(): void {
  if (registered) return;
  const root = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'));
  for (const file of FILES) {
    const path = join(root, file);
    if (!GlobalFonts.registerFromPath(path, FAMILY)) {
      throw new ModelError(path, `The font ${path} cannot be read. Run npm ci to install it again.`);
    }
  }
  registered = true;
}
