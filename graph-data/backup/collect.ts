import { constants, copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type DataFolder, openDataFolder } from '../data-folder.ts';
import {
  type Database,
  copyDatabase,
  openCopy,
  openDatabaseReadOnly,
  quickCheck,
  readState,
} from '../database/index.ts';
import { DataError, messageOf } from '../errors.ts';
import { campaignsFile, campaignsName } from '../base/index.ts';
import { campaignCode } from './campaign-code.ts';
import { copyInteractions, monthFile } from '../interactions/index.ts';
import { copyNotifications, notificationsFile } from '../notifications/index.ts';
import { experimentsFile } from '../experiments/index.ts';
import { editsFile, treeFile } from '../interests/index.ts';
import { modelFiles } from '../models/index.ts';
import { presetsFile } from '../presets/index.ts';
import { activeVersion, snapshotFile, snapshotFormat, verifySnapshot } from '../snapshot/index.ts';
import type { PackedFile } from './container.ts';
import { hashFile } from './hash-file.ts';
import { type Manifest, backupFormat } from './manifest.ts';
import type { BackupOptions } from './progress.ts';

export interface BackupOrigin {
  /** Version of this pinwalk. */
  readonly pinwalk: string;
  readonly createdAt: Date;
}

export type ListedFile = PackedFile & { readonly sha256: string };

/** The files of a backup, each as of one moment, and their kinds. */
interface Collected {
  readonly manifest: Manifest;
  /** Contents are copies in the temporary folder, or in memory; models are the folder's own. */
  readonly files: readonly ListedFile[];
  /** Why there is no snapshot, if so. */
  readonly note?: string;
}

/**
 * Copies the contents of a backup into a temporary folder, while servers may write, verifies and hashes them.
 * Throws `database-damaged` and `data-folder-unusable`.
 */
export async function collect(
  folder: DataFolder,
  temporary: string,
  origin: BackupOrigin,
  options: BackupOptions,
): Promise<Collected> {
  const copy = openDataFolder(path.join(temporary, 'data'));
  const { note, ...content } = await copyFolder(folder, copy, options);
  const months = await copyInteractions(folder, copy, options);
  const hasChannels = await copyNotifications(folder, copy, (done, total) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ doing: 'copying pages of notifications', done, total });
  });
  const campaigns = await campaignCode(folder);
  await campaigns?.copyCampaigns(folder, copy, (done, total) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ doing: 'copying pages of campaigns', done, total });
  });
  const files = await listFiles(folder, copy, content.snapshot, options);
  for (const month of months)
    files.push(await listedFile(`interactions/${month}.db`, monthFile(copy, month), options));
  if (hasChannels) files.push(await listedFile('notifications.db', notificationsFile(copy), options));
  if (campaigns !== undefined) files.push(await listedFile(campaignsName, campaignsFile(copy), options));
  const manifest: Manifest = {
    format: formatOf(files),
    pinwalk: origin.pinwalk,
    createdAt: origin.createdAt.toISOString(),
    ...content,
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  return { manifest, files, ...(note !== undefined && { note }) };
}

/** Copies the active snapshot, then the database, whose state is then the same or a later one; verifies both copies. */
async function copyFolder(
  folder: DataFolder,
  copy: DataFolder,
  { signal, onProgress }: BackupOptions,
): Promise<Pick<Manifest, 'database' | 'snapshot'> & { note?: string }> {
  const source = openDatabaseReadOnly(folder);
  if (source === undefined) {
    throw new DataError('data-folder-unusable', `${folder.root} has no database to back up: check --data`);
  }
  const version = activeVersion(folder);
  const missing = version === undefined ? 'no snapshot is active' : copySnapshot(folder, copy, version);
  try {
    await copyDatabase(source, copy.database, (done, total) => {
      signal?.throwIfAborted();
      onProgress?.({ doing: 'copying pages', done, total });
    });
  } finally {
    source.close();
  }
  const database = openCopy(copy);
  try {
    const fault = quickCheck(database);
    if (fault !== undefined) {
      const remedy = 'restore an earlier backup; this one was not kept';
      throw new DataError('database-damaged', `${folder.database} is damaged: ${fault}; ${remedy}`);
    }
    const state = readState(database);
    const snapshot = missing ?? describeSnapshot(copy, version!, database);
    if (typeof snapshot !== 'string') return { database: state, snapshot };
    return { database: state, snapshot: null, note: `the backup has no snapshot: ${snapshot}` };
  } finally {
    database.close();
  }
}

/** Returns why the snapshot cannot be copied; undefined if it was. */
function copySnapshot(folder: DataFolder, copy: DataFolder, version: string): string | undefined {
  try {
    const [from, to] = [snapshotFile(folder, version), snapshotFile(copy, version)];
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return messageOf(error);
  }
}

/** Returns the fault of an unusable snapshot. */
function describeSnapshot(
  copy: DataFolder,
  version: string,
  database: Database,
): Exclude<Manifest['snapshot'], null> | string {
  try {
    const { position } = verifySnapshot(copy, version, database);
    return { version, format: snapshotFormat, position };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message;
  }
}

/** The lowest format that has these files. */
function formatOf(files: readonly PackedFile[]): Manifest['format'] {
  return files.some(({ name }) =>
    /^(interactions\/|models\/|experiments\.json|(notifications|campaigns)\.db)|interests\.json$/.test(name),
  )
    ? backupFormat
    : 1;
}

async function listFiles(
  folder: DataFolder,
  copy: DataFolder,
  snapshot: Manifest['snapshot'],
  options: BackupOptions,
): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  const add = async (name: string, content: string | Buffer): Promise<void> => {
    files.push(await listedFile(name, content, options));
  };
  await add('pinwalk.db', copy.database);
  // Read once: a command may replace it meanwhile.
  for (const file of [presetsFile(folder), experimentsFile(folder), editsFile(folder)]) {
    if (existsSync(file)) await add(path.basename(file), readFileSync(file));
  }
  for (const file of modelFiles(folder)) await add(`models/${path.basename(file)}`, readFileSync(file));
  if (snapshot !== null) {
    const { version } = snapshot;
    await add(`snapshots/${version}.snapshot`, snapshotFile(copy, version));
    // Where ids of interests come from, which people's hidden ones name.
    const tree = treeFile(folder, version);
    if (existsSync(tree)) await add(`snapshots/${path.basename(tree)}`, readFileSync(tree));
  }
  return files;
}

async function listedFile(
  name: string,
  content: string | Buffer,
  { signal }: BackupOptions,
): Promise<ListedFile> {
  const bytes = typeof content === 'string' ? statSync(content).size : content.length;
  return { name, bytes, content, sha256: await hashFile(content, signal) };
}
