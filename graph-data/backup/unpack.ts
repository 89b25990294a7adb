import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { DataFolder } from '../data-folder.ts';
import { privateFolderMode, privateMode, syncFile, syncFolder } from '../durable-files.ts';
import { openFile, sizeOf } from '../import/index.ts';
import { interactionsFolder } from '../interactions/index.ts';
import { experimentsFile } from '../experiments/index.ts';
import { editsFile } from '../interests/index.ts';
import { modelPointerFile } from '../models/index.ts';
import { presetsFile } from '../presets/index.ts';
import { databaseFiles, sideFiles } from '../unfinished-restore.ts';
import { backupUnusable, unpackFiles } from './container.ts';
import { type Manifest, manifestName, parseManifest } from './manifest.ts';
import type { BackupOptions } from './progress.ts';

const manifestBytesMax = 2 ** 16;

/** Unpacks a backup into an empty folder, and compares each file with the manifest. Throws `backup-unusable`. */
export async function unpackTo(
  folder: DataFolder,
  file: string,
  { signal, onProgress }: BackupOptions,
): Promise<Manifest> {
  const total = sizeOf(file);
  let done = 0;
  const bytes = openFile(
    file,
    (read) => {
      done += read;
      onProgress?.({ doing: 'reading bytes', done, total });
    },
    signal,
  );
  let manifest: Manifest | undefined;
  let count = 0;
  for await (const entry of unpackFiles(bytes)) {
    const { name, size } = entry.header;
    const content = entry as unknown as Readable;
    if (manifest === undefined) {
      if (name !== manifestName || size > manifestBytesMax) {
        throw backupUnusable(file, 'it is not a backup of pinwalk');
      }
      manifest = parseManifest(file, (await buffer(content)).toString());
      continue;
    }
    const listed = manifest.files[count++];
    if (listed?.name !== name || listed.bytes !== size) {
      throw backupUnusable(
        file,
        `it is damaged: ${JSON.stringify(name)} is not what its ${manifestName} lists`,
      );
    }
    mkdirSync(path.dirname(path.join(folder.root, name)), { recursive: true, mode: privateFolderMode });
    if ((await writeHashed(content, path.join(folder.root, name))) !== listed.sha256) {
      throw backupUnusable(file, `it is damaged: the checksum of ${name} is wrong`);
    }
  }
  if (manifest === undefined) throw backupUnusable(file, 'it is empty');
  if (count !== manifest.files.length) throw backupUnusable(file, 'it is cut: files are missing');
  return manifest;
}

/** Writes a file durably and returns its SHA-256. */
export async function writeHashed(content: Readable, file: string): Promise<string> {
  const hash = createHash('sha256');
  const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(content, hashed, createWriteStream(file, { flags: 'wx', mode: privateMode, flush: true }));
  return hash.digest('hex');
}

/**
 * Adds empty files for those of the old database, the old months of interactions, the old notifications and the old campaigns, so that none of them survives beside the
 * new ones, and for presets, experiments and edits of interests that the backup does not have; makes all durable.
 */
export function prepareReplacement(root: string, staged: string): void {
  for (const name of [...databaseFiles, ...sideFiles]) {
    const file = path.join(staged, name);
    if (existsSync(path.join(root, name)) && !existsSync(file))
      writeFileSync(file, '', { mode: privateMode });
  }
  const [months, stagedMonths] = [interactionsFolder({ root }), interactionsFolder({ root: staged })];
  if (existsSync(months)) mkdirSync(stagedMonths, { recursive: true, mode: privateFolderMode });
  for (const name of existsSync(months) ? readdirSync(months) : []) {
    const file = path.join(stagedMonths, name);
    if (!existsSync(file)) writeFileSync(file, '', { mode: privateMode });
  }
  if (existsSync(stagedMonths)) syncFolder(stagedMonths);
  const [pointer, stagedPointer] = [modelPointerFile({ root }), modelPointerFile({ root: staged })];
  if (existsSync(pointer) && !existsSync(stagedPointer)) {
    mkdirSync(path.dirname(stagedPointer), { recursive: true, mode: privateFolderMode });
    // The models stay, and none of them is active.
    writeFileSync(stagedPointer, '{}\n', { mode: privateMode });
  }
  if (existsSync(path.dirname(stagedPointer))) syncFolder(path.dirname(stagedPointer));
  for (const [fileOf, empty] of [
    [presetsFile, '{"presets": {}}\n'],
    [experimentsFile, '{"experiments": {}}\n'],
    [editsFile, '{"interests": {}}\n'],
  ] as const) {
    const file = fileOf({ root: staged });
    if (existsSync(fileOf({ root })) && !existsSync(file)) writeFileSync(file, empty, { mode: privateMode });
  }
  syncFile(path.join(staged, 'pinwalk.db'));
  syncFolder(path.join(staged, 'snapshots'));
  syncFolder(staged);
}
