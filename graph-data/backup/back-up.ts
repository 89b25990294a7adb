import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { DataFolder } from '../data-folder.ts';
import type { DatabaseState } from '../database/index.ts';
import { privateMode, syncFolder } from '../durable-files.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import { standardInput } from '../import/index.ts';
import { type BackupOrigin, collect } from './collect.ts';
import { type PackedFile, packFiles } from './container.ts';
import { type Manifest, manifestName } from './manifest.ts';
import type { BackupOptions } from './progress.ts';
import { StagingFolder, removeAbandoned } from './staging-folder.ts';

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

/**
 * Writes the database with its API keys, the active snapshot, the presets, the experiments, the interests, the models, the
 * interactions, the channels and notifications, and the campaigns to one file, atomically and durably, while servers may write. The file has the state of
 * the database at one moment, and each month of interactions, the notifications and the campaigns, at a later one; it is compressed if its name ends with `.gz` or `.zst`; `-` is standard output.
 * Beside it, a temporary copy takes as much room again.
 *
 * Throws `file-exists` unless `force` is set, `database-damaged`, `data-folder-unusable`, and `stopped` if the signal is
 * aborted. O(bytes).
 */
export async function backUp(
  folder: DataFolder,
  file: string,
  origin: BackupOrigin,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const isStream = file === standardOutput;
  assertFree(file, options);
  const beside = isStream ? path.join(tmpdir(), 'pinwalk-backup') : file;
  let staging: StagingFolder | undefined;
  try {
    // Those of killed backups to other names, too: they contain all data.
    removeAbandoned(path.dirname(beside), marker);
    staging = StagingFolder.create(`${beside}${marker}`);
    const { manifest, files, note } = await collect(folder, staging.path, origin, options);
    const packed = path.join(staging.path, 'packed');
    const target = isStream ? process.stdout : createWriteStream(packed, { mode: privateMode, flush: true });
    const bytes = await write(manifest, files, origin.createdAt, compressorOf(file), target, options);
    if (!isStream) {
      assertFree(file, options);
      renameSync(packed, file);
      syncFolder(path.dirname(file));
    }
    const snapshot = manifest.snapshot?.version ?? null;
    return { file, bytes, database: manifest.database, snapshot, ...(note !== undefined && { note }) };
  } catch (error) {
    if (options.signal?.aborted === true) throw stoppedError(error);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const fault = `cannot write ${file}: ${messageOf(error)}; make sure that its folder is writable and the disk is not full`;
    throw new DataError('data-folder-unusable', fault, { cause: error });
  } finally {
    staging?.[Symbol.dispose]();
  }
}

function assertFree(file: string, { force = false }: BackupOptions): void {
  if (file === standardOutput || !existsSync(file)) return;
  // A rename would replace a device, too.
  if (!statSync(file).isFile()) {
    throw new DataError('file-unwritable', `cannot write ${file}: it is no regular file; name another`);
  }
  if (force) return;
  throw new DataError('file-exists', `${file} exists: name another file, or replace it with --force`);
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
