import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import {
  privateFolderMode,
  removeLeftovers,
  syncFolder,
  writeFileDurably,
  writeFully,
} from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { type ModelFile, type ModelHeader, decodeHeader, decodeModel } from './model-format.ts';

type Root = Pick<DataFolder, 'root'>;

const extension = '.model';
const versionPattern = /^[0-9a-f]{16}$/;
const previousMax = 20;

const versionSchema = z.string().regex(versionPattern);
/** By label. */
const pointerSchema = z.record(
  z.string(),
  z.strictObject({ active: versionSchema, previous: z.array(versionSchema) }),
);
type Pointer = z.infer<typeof pointerSchema>;

export interface ModelEntry {
  readonly version: string;
  readonly bytes: number;
  /** When the file was written, ISO 8601. */
  readonly trainedAt: string;
  /** Whether it is the active model of its label. */
  readonly active: boolean;
  /** Undefined for a damaged one. */
  readonly header: ModelHeader | undefined;
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
  removeLeftovers(modelsFolder(folder));
  writeFileDurably(file, (fd) => writeFully(fd, bytes));
}

/** Reads a model, and verifies every byte of it. Throws `model-unknown` and `model-damaged`. */
export function readModel(folder: Root, version: string): ModelFile {
  const file = modelFile(folder, version);
  if (!existsSync(file)) throw new DataError('model-unknown', `there is no model ${version}: see pinwalk models`); // prettier-ignore
  return decodeModel(file, readFileSync(file), version);
}

/** All models, newest first. Verifies their headers alone. */
export function listModels(folder: Root): ModelEntry[] {
  if (!existsSync(modelsFolder(folder))) return [];
  const active = new Set(Object.values(readPointer(folder)).map((each) => each.active));
  return readdirSync(modelsFolder(folder))
    .filter((name) => name.endsWith(extension) && versionPattern.test(name.slice(0, -extension.length)))
    .map((name) => {
      const version = name.slice(0, -extension.length);
      const { size, mtimeMs } = statSync(path.join(modelsFolder(folder), name));
      const trainedAt = new Date(mtimeMs).toISOString();
      return {
        version,
        bytes: size,
        trainedAt,
        active: active.has(version),
        header: headerOf(folder, version),
      };
    })
    .toSorted((a, b) => b.trainedAt.localeCompare(a.trainedAt) || a.version.localeCompare(b.version));
}

function headerOf(folder: Root, version: string): ModelHeader | undefined {
  const file = modelFile(folder, version);
  const fd = openSync(file, 'r');
  try {
    const fixed = Buffer.alloc(16);
    readSync(fd, fixed, 0, fixed.length, 0);
    const bytes = Buffer.alloc(Math.min(fstatSync(fd).size, 48 + fixed.readUInt32LE(12)));
    readSync(fd, bytes, 0, bytes.length, 0);
    return decodeHeader(file, bytes, version);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  } finally {
    closeSync(fd);
  }
}

/**
 * The pointer, if there is one, and all models: a backup that reads them in this order has the model that the
 * pointer names.
 */
export function modelFiles(folder: Root): string[] {
  const pointer = modelPointerFile(folder);
  const models = listModels(folder).map(({ version }) => modelFile(folder, version));
  return [...(existsSync(pointer) ? [pointer] : []), ...models];
}

/** The version of the active model of a label. Throws `model-unknown`, with the remedy. */
export function activeModel(folder: Root, label: string): string {
  const active = readPointer(folder)[label]?.active;
  if (active !== undefined) return active;
  throw new DataError('model-unknown', `there is no active model of "${label}": train one with pinwalk train --label, and activate it with pinwalk models activate`); // prettier-ignore
}

/** The labels that have an active model. Throws `model-damaged`. */
export function activeLabels(folder: Root): string[] {
  return Object.keys(readPointer(folder));
}

/**
 * Makes a model the active one of its label, after verifying it. Returns the label, and the version that was active before, if
 * any. Throws `model-unknown` and `model-damaged`.
 */
export function activateModel(
  folder: Root,
  version: string,
): { label: string; previous: string | undefined } {
  const { label } = readModel(folder, version).header;
  const pointer = readPointer(folder);
  const before = pointer[label];
  if (before?.active !== version) {
    const previous = before === undefined ? [] : [before.active, ...before.previous].slice(0, previousMax);
    writePointer(folder, { ...pointer, [label]: { active: version, previous } });
  }
  return { label, previous: before?.active };
}

/**
 * Activates the latest intact model of those of a label that were active before. Returns its version. Throws `model-unknown` when
 * there is none.
 */
export function rollbackModel(folder: Root, label: string): string {
  const pointer = readPointer(folder);
  const previous = pointer[label]?.previous ?? [];
  const at = previous.findIndex((version) => isIntact(folder, version));
  if (at < 0) throw new DataError('model-unknown', `there is no earlier model of "${label}" to roll back to`);
  const active = previous[at]!;
  writePointer(folder, { ...pointer, [label]: { active, previous: previous.slice(at + 1) } });
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

/** Names the active model of each label. */
export function modelPointerFile(folder: Root): string {
  return path.join(modelsFolder(folder), 'active.json');
}

/** Throws `model-damaged`. */
function readPointer(folder: Root): Pointer {
  const file = modelPointerFile(folder);
  if (!existsSync(file)) return {};
  try {
    return pointerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const remedy = 'delete it, and activate a model';
    throw new DataError('model-damaged', `${file} is damaged: ${messageOf(cause)}; ${remedy}`, { cause });
  }
}

function writePointer(folder: Root, pointer: Pointer): void {
  writeFileDurably(modelPointerFile(folder), (fd) =>
    writeFully(fd, Buffer.from(`${JSON.stringify(pointer)}\n`)),
  );
}
