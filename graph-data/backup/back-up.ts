import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createWriteStream, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { type DataFolder, openDataFolder } from '../data-folder.ts';
import {
  type Database,
  type DatabaseState,
  copyDatabase,
  openCopy,
  openDatabaseReadOnly,
  quickCheck,
  readState,
} from '../database/index.ts';
import {
  partialSuffix,
  privateFolderMode,
  privateMode,
  removeLeftovers,
  syncFolder,
} from '../durable-files.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import { copyInteractions, monthFile } from '../interactions/index.ts';
import { copyNotifications, notificationsFile } from '../notifications/index.ts';
import { experimentsFile } from '../experiments/index.ts';
import { editsFile, treeFile } from '../interests/index.ts';
import { modelFiles } from '../models/index.ts';
import { presetsFile } from '../presets/index.ts';
import { standardInput } from '../import/index.ts';
import { activeVersion, snapshotFile, snapshotFormat, verifySnapshot } from '../snapshot/index.ts';
import { type PackedFile, packFiles } from './container.ts';
import { hashFile } from './hash-file.ts';
import { type Manifest, backupFormat, manifestName } from './manifest.ts';
import type { BackupOptions } from './progress.ts';

/** The result of a backup. */
interface BackupReport {
  readonly file: string;
  /** Size of the file; before compression. */
  readonly bytes: number;
  readonly database: DatabaseState;
  /** The version of the snapshot in it; null if there was no usable one, for the reason in `note`. */
  readonly snapshot: string | null;
  readonly note?: string;
}

/** Standard output, as a file name. */
const standardOutput = standardInput;

/** In the names of temporary folders. */
const marker = '.pinwalk-backup.';

interface Origin {
  /** Version of this pinwalk. */
  readonly pinwalk: string;
  readonly createdAt: Date;
}

/**
 * Writes the database with its API keys, the active snapshot, the presets, the experiments, the interests, the models, the
 * interactions, and the channels and notifications to one file, atomically and durably, while servers may write. The file has the state of
 * the database at one moment, and each month of interactions, and the notifications, at a later one; it is compressed if its name ends with `.gz` or `.zst`; `-` is standard output.
 * Beside it, a temporary copy takes as much room again.
 *
 * Throws `file-exists` unless `force` is set, `database-damaged`, `data-folder-unusable`, and `stopped` if the signal is
 * aborted. O(bytes).
 */
export async function backUp(
  folder: DataFolder,
  file: string,
  origin: Origin,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const isStream = file === standardOutput;
  assertFree(file, options);
  const beside = isStream ? path.join(tmpdir(), 'pinwalk-backup') : file;
  // Those of killed backups to other names, too: they contain all data.
  removeLeftovers(path.dirname(beside), false, marker);
  const temporary = `${beside}${marker}${process.pid}${partialSuffix}`;
  try {
    mkdirSync(temporary, { mode: privateFolderMode });
    const copy = openDataFolder(path.join(temporary, 'data'));
    const { note, ...content } = await copyFolder(folder, copy, options);
    const months = await copyInteractions(folder, copy, options);
    const hasChannels = await copyNotifications(folder, copy, (done, total) => {
      options.signal?.throwIfAborted();
      options.onProgress?.({ doing: 'copying pages of notifications', done, total });
    });
    const files = await listFiles(folder, copy, content.snapshot, options);
    for (const month of months)
      files.push(await listedFile(`interactions/${month}.db`, monthFile(copy, month), options));
    if (hasChannels) files.push(await listedFile('notifications.db', notificationsFile(copy), options));
    const manifest: Manifest = {
      format: formatOf(files),
      pinwalk: origin.pinwalk,
      createdAt: origin.createdAt.toISOString(),
      ...content,
      files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    };
    const packed = path.join(temporary, 'packed');
    const target = isStream ? process.stdout : createWriteStream(packed, { mode: privateMode, flush: true });
    const bytes = await write(manifest, files, origin.createdAt, compressorOf(file), target, options);
    if (!isStream) {
      assertFree(file, options);
      renameSync(packed, file);
      syncFolder(path.dirname(file));
    }
    const snapshot = content.snapshot?.version ?? null;
    return { file, bytes, database: content.database, snapshot, ...(note !== undefined && { note }) };
  } catch (error) {
    if (options.signal?.aborted === true) throw stoppedError(error);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const fault = `cannot write ${file}: ${messageOf(error)}; make sure that its folder is writable and the disk is not full`;
    throw new DataError('data-folder-unusable', fault, { cause: error });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function assertFree(file: string, { force = false }: BackupOptions): void {
  if (force || file === standardOutput || !existsSync(file)) return;
  throw new DataError('file-exists', `${file} exists: name another file, or replace it with --force`);
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

/** Returns what is wrong with a snapshot that cannot be used. */
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
    /^(interactions\/|models\/|experiments\.json|notifications\.db)|interests\.json$/.test(name),
  )
    ? backupFormat
    : 1;
}

type ListedFile = PackedFile & { readonly sha256: string };

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

/** Returns the number of bytes before compression. */
async function write(
  manifest: Manifest,
  files: readonly PackedFile[],
  mtime: Date,
  compressor: NodeJS.ReadWriteStream,
  target: Writable,
  { signal, onProgress }: BackupOptions,
): Promise<number> {
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const total = files.reduce((sum, { bytes }) => sum + bytes, content.length);
  let done = 0;
  const packed = packFiles(
    [{ name: manifestName, bytes: content.length, content }, ...files],
    mtime,
    (bytes) => {
      done += bytes;
      onProgress?.({ doing: 'writing bytes', done: Math.min(done, total), total });
    },
  );
  await pipeline(packed, compressor, target, { ...(signal && { signal }), end: target !== process.stdout });
  return done;
}

function compressorOf(file: string): NodeJS.ReadWriteStream {
  if (file.endsWith('.gz')) return createGzip();
  return file.endsWith('.zst') ? createZstdCompress() : new PassThrough();
}
