import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { privateFolderMode } from '../durable-files.ts';
import { messageOf } from '../errors.ts';
import { backupUnusable } from './container.ts';
import type { Manifest } from './manifest.ts';
import type { BackupOptions } from './progress.ts';
import type { PublicationSource } from './source.ts';
import { writeHashed } from './unpack.ts';

/** Writes files of a publication into a folder, and compares each with its checksum. Throws `backup-unusable`. O(bytes). */
export async function fetchFiles(
  root: string,
  source: PublicationSource,
  files: Manifest['files'],
  { signal, onProgress }: BackupOptions,
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { name, bytes, sha256 } of files) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: privateFolderMode });
    const written = await writeFetched();
    if (written !== sha256)
      throw backupUnusable(source.name, `it is damaged: the checksum of ${name} is wrong`);
    done += bytes;
    onProgress?.({ doing: 'fetching bytes', done, total });

    async function writeFetched(): Promise<string> {
      try {
        return await writeHashed(await source.open(sha256, signal), file);
      } catch (error) {
        signal?.throwIfAborted();
        // Another publication may have replaced it meanwhile.
        throw backupUnusable(source.name, `${name} cannot be read (${messageOf(error)})`, error);
      }
    }
  }
}
