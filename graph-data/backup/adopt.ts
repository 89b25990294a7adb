import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { partialSuffix, privateFolderMode, removeLeftovers, syncFolder } from '../durable-files.ts';
import { restorePrefix } from '../unfinished-restore.ts';
import { fetchFiles } from './fetch-files.ts';
import { hashFile } from './hash-file.ts';
import type { Publication } from './published.ts';
import type { PublicationSource } from './source.ts';

/** Files beside the database that change answers. */
const settingFiles = ['presets.json', 'experiments.json', 'interests.json'];

/** In the names of temporary folders. */
const marker = `${restorePrefix}adopt.`;

/**
 * Takes over presets, experiments, edits of interests and, if `withSnapshot`, the snapshot of a publication, in a folder that a
 * server uses: each by one rename, those that differ. Throws `backup-unusable`.
 */
export async function adopt(
  folder: DataFolder,
  source: PublicationSource,
  publication: Publication,
  { withSnapshot, signal }: { readonly withSnapshot: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  const wanted: Publication['files'] = [];
  for (const file of publication.files) {
    const own = path.join(folder.root, file.name);
    if (settingFiles.includes(file.name)) {
      if (!existsSync(own) || (await hashFile(own, signal)) !== file.sha256) wanted.push(file);
    } else if (withSnapshot && file.name.startsWith('snapshots/') && !existsSync(own)) wanted.push(file);
  }
  const fetched = path.join(folder.root, `${marker}${process.pid}${partialSuffix}`);
  // Also those of this number: the server of a restarted container has it again.
  removeLeftovers(folder.root, true, marker);
  try {
    mkdirSync(fetched, { mode: privateFolderMode });
    await fetchFiles(fetched, source, wanted, { signal });
    // The tree of interests before the snapshot that is loaded with it.
    for (const { name } of wanted.toReversed()) {
      renameSync(path.join(fetched, name), path.join(folder.root, name));
    }
  } finally {
    rmSync(fetched, { recursive: true, force: true });
  }
  const named = new Set(publication.files.map(({ name }) => name));
  for (const name of settingFiles)
    if (!named.has(name)) rmSync(path.join(folder.root, name), { force: true });
  syncFolder(folder.snapshots);
  syncFolder(folder.root);
}
