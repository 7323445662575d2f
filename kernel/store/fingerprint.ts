/**
 * What files hold, as hashes. A large file, such as an encoder's weights, is read once a program: its hash is known again
 * by the file's device, number, size and times of change.
 *
 * That is safe for what happens to files in earnest, and it is why times serve here and nowhere else. The time of change
 * of the file's entry (ctime) is set by the system and by nobody else, so that a file which was written, replaced or
 * given back its old date has another one. A clock ticks only so finely: a hash is known again only when the file had
 * been at rest for a while when it was made, so that a later change cannot fall into the same tick.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The coarsest clock of a file system that is in use, FAT's, ticks each 2 s. */
const AT_REST_MS = 3000;

const known = new Map<string, { stamp: string; hash: string }>();

async function stampOf(path: string): Promise<{ stamp: string; changed: number }> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const changed = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return { stamp: [dev, ino, size, mtimeNs, ctimeNs].join(), changed };
}

/** Hash of a file's bytes. @throws the file system's error */
export async function fileHash(path: string): Promise<string> {
  const before = await stampOf(path);
  const found = known.get(path);
  if (found?.stamp === before.stamp) return found.hash;
  const begun = Date.now();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk as Buffer);
  const digest = hash.digest('hex').slice(0, 32);
  if (begun - before.changed > AT_REST_MS) known.set(path, { stamp: before.stamp, hash: digest });
  else known.delete(path);
  return digest;
}

/**
 * Every file below a folder by its name there, links followed as a reader would follow them.
 * @throws the file system's error
 */
export async function folderHashes(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  const look = async (within: string, name: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(within);
    // A link to a folder above it has nothing further to show.
    if (above.includes(real)) return;
    for (const entry of await readdir(within)) {
      const path = join(within, entry);
      const info = await stat(path);
      if (info.isDirectory()) await look(path, `${name}${entry}/`, [...above, real]);
      else if (info.isFile()) hashes[`${name}${entry}`] = await fileHash(path);
    }
  };
  await look(folder, '', []);
  return hashes;
}
