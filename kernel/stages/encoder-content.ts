/** What a stage reads of the world when it embeds: the files of the encoder, by content. */
import { resolve } from 'node:path';
import { defaultEncoderFolder } from '../engine/index.js';
import { folderHashes } from '../store/index.js';

/**
 * The folder of an encoder by the name that embed resolved. Whole, since the engine is a process of its own: it would
 * take a relative path from a folder of its own, and read other files than those that are hashed here.
 * @throws ModelError for a default that is not there
 */
export function encoderFolder(name: string): string {
  return resolve(name === 'minilm' ? defaultEncoderFolder() : name);
}

/**
 * Hashes of the encoder's files by name; none where the data brought its vectors along.
 * @throws the file system's error, or ModelError
 */
export async function encoderContent(name: string): Promise<Record<string, string>> {
  return name === 'vectors' ? {} : folderHashes(encoderFolder(name));
}
