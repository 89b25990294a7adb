import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { type DatabaseState, openDatabaseReadOnly, reachesBackTo } from '../database/index.ts';
import {
  privateFolderMode,
  removeLeftovers,
  syncFile,
  syncFolder,
  writeFileDurably,
  writeFully,
} from '../durable-files.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import { type BackupOrigin, type ListedFile, collect } from './collect.ts';
import type { BackupOptions } from './progress.ts';
import {
  type Publication,
  contentName,
  contentsName,
  generationsName,
  latestName,
  parsePublication,
} from './published.ts';
import { StagingFolder, removeAbandoned } from './staging-folder.ts';

interface PublishOptions extends Omit<BackupOptions, 'force'> {
  /** Generations to keep. Default 2: a replica may be fetching the one before. */
  readonly keep?: number | undefined;
  /** Address of the server that takes writes. */
  readonly writer?: string | undefined;
}

/** A publication. */
interface PublishReport {
  readonly folder: string;
  readonly database: DatabaseState;
  readonly snapshot: string | null;
  /** Bytes of all files of this generation, and of the new ones among them. */
  readonly bytes: number;
  readonly newBytes: number;
  /** Generations that were deleted. */
  readonly dropped: number;
  readonly note?: string;
}

const marker = '.staging.';

/**
 * Publishes a generation of the data for replicas and for a restore elsewhere: the content of a backup, each
 * file under the name of its SHA-256, so that unchanged files are not written again; then `LATEST.json`, in one
 * step. A reader of it finds all of its files complete. A killed publication leaves the one before, and files
 * that the next one uses or deletes. Then deletes all but the latest `keep` generations, and generations from
 * which the change log cannot be followed any more: after an import, and after an erasure, since they contain
 * the person. Throws `data-folder-in-use` while another process publishes there, the errors of a backup, and
 * `stopped`. O(bytes).
 */
export async function publish(
  folder: DataFolder,
  target: string,
  origin: BackupOrigin,
  { keep = 2, writer, ...options }: PublishOptions = {},
): Promise<PublishReport> {
  let own: StagingFolder | undefined;
  try {
    for (const name of [generationsName, contentsName]) {
      mkdirSync(path.join(target, name), { recursive: true, mode: privateFolderMode });
    }
    own = StagingFolder.create(path.join(target, marker));
    assertAlone(target, own);
    const staging = own.path;
    removeLeftovers(path.join(target, generationsName), true);
    const { manifest, files, note } = await collect(folder, staging, origin, options);
    let newBytes = 0;
    for (const file of files) {
      options.signal?.throwIfAborted();
      if (store(target, staging, file)) newBytes += file.bytes;
    }
    syncFolder(path.join(target, contentsName));
    const publication: Publication = { ...manifest, writer: writer ?? null };
    const text = Buffer.from(`${JSON.stringify(publication, null, 2)}\n`);
    const position = String(manifest.database.position).padStart(15, '0');
    const generation = `${position}-${origin.createdAt.getTime()}.json`;
    for (const name of [path.join(generationsName, generation), latestName]) {
      writeFileDurably(path.join(target, name), (fd) => writeFully(fd, text));
    }
    const dropped = prune(folder, target, generation, keep);
    const { database, snapshot } = manifest;
    const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
    return {
      folder: target,
      database,
      snapshot: snapshot?.version ?? null,
      bytes,
      newBytes,
      dropped,
      ...(note !== undefined && { note }),
    };
  } catch (error) {
    if (options.signal?.aborted === true) throw stoppedError(error);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const remedy = 'make sure that the folder is writable and the disk is not full';
    throw new DataError(
      'data-folder-unusable',
      `cannot publish to ${target}: ${messageOf(error)}; ${remedy}`,
      {
        cause: error,
      },
    );
  } finally {
    own?.[Symbol.dispose]();
  }
}

/** Each process locks its folder before it looks for others, so two never go on both. */
function assertAlone(target: string, own: StagingFolder): void {
  if (removeAbandoned(target, marker, own).length === 0) return;
  throw new DataError(
    'data-folder-in-use',
    `another process is publishing to ${target}: wait until it has finished`,
  );
}

/** Returns whether the content is new. */
function store(target: string, staging: string, { sha256, bytes, content }: ListedFile): boolean {
  const file = path.join(target, contentName(sha256));
  // Files appear whole, by a rename.
  if (statSync(file, { throwIfNoEntry: false })?.size === bytes) return false;
  if (typeof content !== 'string') {
    writeFileDurably(file, (fd) => writeFully(fd, content));
    return true;
  }
  let staged = content;
  if (!content.startsWith(staging + path.sep)) {
    staged = path.join(staging, sha256);
    copyFileSync(content, staged);
  }
  syncFile(staged);
  renameSync(staged, file);
  return true;
}

/** Deletes generations, the latest excepted, then the contents that none of the others names. Returns how many generations. */
function prune(folder: DataFolder, target: string, latest: string, keep: number): number {
  const generations = path.join(target, generationsName);
  const read = (name: string): Publication | undefined => {
    try {
      return parsePublication(name, readFileSync(path.join(generations, name), 'utf8'));
    } catch (error) {
      // Of another version of pinwalk, or damaged.
      if (error instanceof DataError) return undefined;
      throw error;
    }
  };
  const names = readdirSync(generations)
    .filter((name) => name.endsWith('.json') && name !== latest)
    .toSorted((a, b) => timeOf(b) - timeOf(a));
  const older = names.map((name) => ({ name, publication: read(name) }));
  const kept = older.slice(0, keep - 1).filter(({ publication }) => {
    return publication !== undefined && canFollow(folder, publication.database);
  });
  const dropped = older.filter((each) => !kept.includes(each));
  for (const { name } of dropped) rmSync(path.join(generations, name));
  syncFolder(generations);
  const named = [read(latest)!, ...kept.map(({ publication }) => publication!)];
  const contents = new Set(named.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  for (const name of readdirSync(path.join(target, contentsName))) {
    if (!contents.has(name)) rmSync(path.join(target, contentsName, name));
  }
  return dropped.length;
}

/** When a generation was published, by the name of its file. */
function timeOf(generation: string): number {
  return Number(/-(\d+)\.json$/.exec(generation)?.[1] ?? 0);
}

/** Whether a copy in this state can be brought up to date by the change log. */
function canFollow(folder: DataFolder, { id, position }: DatabaseState): boolean {
  const database = openDatabaseReadOnly(folder)!;
  try {
    return reachesBackTo(database, id, position);
  } finally {
    database.close();
  }
}
