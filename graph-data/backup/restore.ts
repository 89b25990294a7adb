import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { type DataFolder, openDataFolder } from '../data-folder.ts';
import { assertUnused } from '../database/index.ts';
import { privateFolderMode, removeLeftovers, syncFolder } from '../durable-files.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import { assertFile, standardInput } from '../import/index.ts';
import { campaignCode } from './campaign-code.ts';
import { keepRefusals } from '../notifications/index.ts';
import { dropSnapshots, listSnapshots } from '../snapshot/index.ts';
import { completeRestore, restorePrefix, restoreReady } from '../unfinished-restore.ts';
import { backupUnusable } from './container.ts';
import type { Manifest } from './manifest.ts';
import { fetchFiles } from './fetch-files.ts';
import type { RestoreOptions } from './progress.ts';
import { latestName } from './published.ts';
import { markReplica, unmarkReplica } from './replica-file.ts';
import { type PublicationSource, publicationAt } from './source.ts';
import { StagingFolder, removeAbandoned } from './staging-folder.ts';
import { prepareReplacement, unpackTo } from './unpack.ts';
import { verifyUnpacked } from './verify-unpacked.ts';

/** The result of a restore. */
interface RestoreReport extends Pick<Manifest, 'pinwalk' | 'createdAt' | 'database'> {
  readonly folder: string;
  /** The active snapshot; null if there is none, and the reason is in `note`. */
  readonly snapshot: string | null;
  readonly note?: string;
}

/** In the names of temporary folders. */
const marker = `${restorePrefix}staged.`;

/**
 * Restores a backup (`-`: from standard input), or the latest publication of a folder or an address, into an
 * empty or missing data folder, or with `force` into any that no process uses. Everything is unpacked and
 * verified beside the present files; one rename then commits, so the folder has either all of the backup or its
 * old data. Other commands refuse a folder that was empty and has an unfinished restore. Throws
 * `backup-unusable`, `file-exists` for a folder with content, `data-folder-in-use`, `data-folder-unusable`, and
 * `stopped` if the signal is aborted. O(bytes + rows).
 */
export async function restore(
  root: string,
  file: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const source = publicationAt(file);
  if (source === undefined) assertBackup(file);
  if (options.force !== true) assertEmpty(root);
  const created = mkdirSync(root, { recursive: true, mode: privateFolderMode });
  let staging: StagingFolder | undefined;
  let isKept = false;
  try {
    removeLeftovers(root, true, restorePrefix);
    removeAbandoned(root, marker);
    staging = StagingFolder.create(path.join(root, marker));
    const staged = path.join(staging.path, 'data');
    const unpacked = openDataFolder(staged);
    const manifest =
      source === undefined
        ? await unpackTo(unpacked, file, options)
        : await fetchLatest(unpacked, source, options);
    options.onProgress?.({ doing: 'verifying', done: 0, total: 0 });
    const isReplica = options.asReplica !== undefined;
    const { snapshot, note } = await verifyUnpacked(unpacked, file, manifest, isReplica);
    options.signal?.throwIfAborted();
    if (isReplica) markReplica(unpacked, file);
    else {
      keepRefusals({ root }, unpacked);
      (await campaignCode(unpacked))?.keepLedger({ root }, unpacked);
    }
    await options.asReplica?.();
    const replaced = commit(root, staged, options);
    isKept = true;
    const folder = openDataFolder(root);
    dropSnapshots(
      folder,
      replaced.filter((version) => version !== snapshot),
    );
    const { pinwalk, createdAt, database } = manifest;
    return { folder: root, pinwalk, createdAt, database, snapshot, ...(note !== undefined && { note }) };
  } catch (error) {
    if (options.signal?.aborted === true) throw stoppedError(error);
    if (error instanceof DataError) throw error;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined)
      throw backupUnusable(
        file,
        `it is cut or damaged, or not a backup of pinwalk (${messageOf(error)})`,
        error,
      );
    const fault = `cannot restore into ${root}: ${messageOf(error)}; make sure that it is writable and the disk is not full`;
    throw new DataError('data-folder-unusable', fault, { cause: error });
  } finally {
    staging?.[Symbol.dispose]();
    if (!isKept && created !== undefined) rmSync(created, { recursive: true, force: true });
  }
}

/** Throws `import-file-unreadable` and `backup-unusable`. */
function assertBackup(file: string): void {
  assertFile(file);
  if (file === standardInput || !statSync(file).isDirectory()) return;
  throw backupUnusable(file, `it is a folder without a publication (it has no ${latestName})`);
}

/** Attempts to fetch a publication, while newer ones replace its files. */
const attemptsMax = 3;

/** Fetches the latest publication into an empty folder. */
async function fetchLatest(
  folder: DataFolder,
  source: PublicationSource,
  options: RestoreOptions,
): Promise<Manifest> {
  for (let attempt = 1; ; attempt++) {
    const { writer: _writer, ...manifest } = await source.latest(options.signal);
    const ofReplica = /^(?!interactions\/|models\/|(notifications|campaigns)\.db$)/;
    const files = manifest.files.filter(
      ({ name }) => options.asReplica === undefined || ofReplica.test(name),
    );
    try {
      await fetchFiles(folder.root, source, files, options);
      return manifest;
    } catch (error) {
      const isLatest = (await source.latest(options.signal)).createdAt === manifest.createdAt;
      if (isLatest || attempt === attemptsMax || !(error instanceof DataError)) throw error;
      rmSync(folder.root, { recursive: true });
      openDataFolder(folder.root);
    }
  }
}

/** Names that a folder without data may contain: leftovers of restores, and files of file systems. */
function assertEmpty(root: string): void {
  if (!existsSync(root)) return;
  if (!statSync(root).isDirectory()) {
    throw new DataError('data-folder-unusable', `cannot restore into ${root}: it is a file; name a folder`);
  }
  const present = readdirSync(root).filter((name) => {
    if (name === 'snapshots') return readdirSync(path.join(root, name)).length > 0;
    return name !== 'lost+found' && !/^restore\..*\.partial$/.test(name);
  });
  if (present.length === 0) return;
  const remedy = 'name another folder by --data, or replace what it has with --force';
  throw new DataError('file-exists', `${root} is not empty (it has ${present[0]}): ${remedy}`);
}

/** Puts the unpacked files in place. Returns the versions of the snapshots that were there. */
function commit(root: string, staged: string, options: RestoreOptions): string[] {
  if (options.force !== true) assertEmpty(root);
  const folder: DataFolder = openDataFolder(root);
  assertUnused(folder);
  const replaced = listSnapshots(folder).map(({ version }) => version);
  prepareReplacement(root, staged);
  if (options.asReplica === undefined) unmarkReplica({ root });
  renameSync(staged, path.join(root, restoreReady));
  syncFolder(root);
  completeRestore(root);
  return replaced;
}
