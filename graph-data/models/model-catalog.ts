import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { privateFolderMode, syncFolder, writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { type ModelFile, decodeModel } from './model-format.ts';

type Root = Pick<DataFolder, 'root'>;

const extension = '.model';
const versionPattern = /^[0-9a-f]{16}$/;
const previousMax = 20;

const versionSchema = z.string().regex(versionPattern);
const pointerSchema = z.strictObject({ active: versionSchema, previous: z.array(versionSchema) });
type Pointer = z.infer<typeof pointerSchema>;

interface ModelEntry {
  readonly version: string;
  readonly bytes: number;
  /** When the file was written, ISO 8601. */
  readonly trainedAt: string;
  readonly active: boolean;
}

/** There is no folder before the first model. */
function modelsFolder({ root }: Root): string {
  return path.join(root, 'models');
}

function modelFile(folder: Root, version: string): string {
  if (versionPattern.test(version)) return path.join(modelsFolder(folder), version + extension);
  throw new DataError('model-unknown', `"${version}" is not a model version, which has 16 hexadecimal digits`); // prettier-ignore
}

/** Stores a model, durably. One that is there already is not written again. */
export function writeModel(folder: Root, version: string, bytes: Uint8Array): void {
  if (!existsSync(modelsFolder(folder))) {
    mkdirSync(modelsFolder(folder), { mode: privateFolderMode });
    syncFolder(folder.root);
  }
  const file = modelFile(folder, version);
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  writeFileDurably(file, (fd) => writeFully(fd, bytes));
}

/** Reads a model, and verifies every byte of it. Throws `model-unknown` and `model-damaged`. */
export function readModel(folder: Root, version: string): ModelFile {
  const file = modelFile(folder, version);
  if (!existsSync(file)) throw new DataError('model-unknown', `there is no model ${version}: see pinwalk models`); // prettier-ignore
  return decodeModel(file, readFileSync(file), version);
}

/** All models, newest first. Does not verify them. */
export function listModels(folder: Root): ModelEntry[] {
  if (!existsSync(modelsFolder(folder))) return [];
  const active = readPointer(folder)?.active;
  return readdirSync(modelsFolder(folder))
    .filter((name) => name.endsWith(extension) && versionPattern.test(name.slice(0, -extension.length)))
    .map((name) => {
      const version = name.slice(0, -extension.length);
      const { size, mtimeMs } = statSync(path.join(modelsFolder(folder), name));
      return { version, bytes: size, trainedAt: new Date(mtimeMs).toISOString(), active: version === active };
    })
    .toSorted((a, b) => b.trainedAt.localeCompare(a.trainedAt) || a.version.localeCompare(b.version));
}

/** Makes a model the active one, after verifying it. Returns the version that was active before. */
export function activateModel(folder: Root, version: string): string | undefined {
  readModel(folder, version);
  const pointer = readPointer(folder);
  if (pointer?.active === version) return version;
  const previous = pointer === undefined ? [] : [pointer.active, ...pointer.previous].slice(0, previousMax);
  writePointer(folder, { active: version, previous });
  return pointer?.active;
}

/** Activates the latest intact model of those that were active before. Returns its version. Throws `model-unknown`. */
export function rollbackModel(folder: Root): string {
  const previous = readPointer(folder)?.previous ?? [];
  const at = previous.findIndex((version) => isIntact(folder, version));
  if (at < 0) throw new DataError('model-unknown', 'there is no earlier model to roll back to');
  const active = previous[at]!;
  writePointer(folder, { active, previous: previous.slice(at + 1) });
  return active;
}

function isIntact(folder: Root, version: string): boolean {
  try {
    readModel(folder, version);
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

function pointerFile(folder: Root): string {
  return path.join(modelsFolder(folder), 'active.json');
}

/** undefined if none was activated. Throws `model-damaged`. */
function readPointer(folder: Root): Pointer | undefined {
  const file = pointerFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return pointerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const remedy = 'delete it, and activate a model';
    throw new DataError('model-damaged', `${file} is damaged: ${messageOf(cause)}; ${remedy}`, { cause });
  }
}

function writePointer(folder: Root, pointer: Pointer): void {
  writeFileDurably(pointerFile(folder), (fd) => writeFully(fd, Buffer.from(`${JSON.stringify(pointer)}\n`)));
}
