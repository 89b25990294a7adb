import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  type Preset,
  EngineError,
  algorithmNames,
  presets as builtIn,
  checkParamsOf,
  resolveParamsOf,
} from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';

/** A data folder's own presets, by name. */
export type OwnPresets = ReadonlyMap<string, Preset>;

/** Names that no preset of one's own can have: those of algorithms and of the presets that are there anyway. */
export const reservedNames: readonly string[] = [...algorithmNames, ...Object.keys(builtIn)];

const nameForm = /^[a-z][a-z0-9._-]{0,63}$/i;
const presetsMax = 1_000;

const entrySchema = z.strictObject({
  algorithm: z.enum(algorithmNames),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  // Where it comes from, for people.
  from: z.string().optional(),
});
const fileSchema = z.strictObject({ presets: z.record(z.string(), z.unknown()) });

/** Where a data folder's presets are: a small JSON file. */
export function presetsFile(folder: Pick<DataFolder, 'root'>): string {
  return path.join(folder.root, 'presets.json');
}

/**
 * A data folder's own presets; none where there is no such file. Throws `presets-unusable`, which names the file, the preset
 * and the remedy, for what is no preset.
 */
export function readPresets(folder: Pick<DataFolder, 'root'>): OwnPresets {
  const read = new Map<string, Preset>();
  for (const [name, entry] of Object.entries(readEntries(folder))) {
    const fault = faultOf(name, entry);
    if (fault !== undefined) {
      const remedy = `mend it, or take it out: pinwalk presets remove ${name} --data ${folder.root}`;
      throw new DataError(
        'presets-unusable',
        `${presetsFile(folder)}: preset "${name}": ${fault}; ${remedy}`,
      );
    }
    const { algorithm, params } = entry as Preset;
    read.set(name, { algorithm, params });
  }
  return read;
}

/** Throws `preset-refused` for a name that no preset can have. */
export function checkPresetName(name: string): void {
  const fault = faultOfName(name);
  if (fault !== undefined) throw new DataError('preset-refused', `"${name}" can be no preset: ${fault}`);
}

/**
 * Adds a preset, with its parameters resolved, so that it stays what it is when defaults change; or puts it in the place of
 * one of its name. `from` says where it comes from. Throws `preset-refused` for a name that cannot be, and `invalid-parameter`.
 */
export function addPreset(folder: DataFolder, name: string, preset: Preset, from?: string): void {
  checkPresetName(name);
  const { algorithm } = preset;
  const params = resolveParamsOf(algorithm, preset.params);
  checkParamsOf(algorithm, params);
  const entries = {
    ...readEntries(folder),
    [name]: { algorithm, params, ...(from !== undefined && { from }) },
  };
  if (Object.keys(entries).length > presetsMax) {
    throw new DataError(
      'preset-refused',
      `${folder.root} has ${presetsMax} presets already: remove one first`,
    );
  }
  write(folder, entries);
}

/** Removes a preset, also one that is faulty. Throws `preset-refused` when there is none of that name. */
export function removePreset(folder: DataFolder, name: string): void {
  const entries = readEntries(folder);
  const others = Object.fromEntries(Object.entries(entries).filter(([each]) => each !== name));
  if (!Object.hasOwn(entries, name)) {
    const names = Object.keys(others).join(', ') || 'none';
    throw new DataError('preset-refused', `${folder.root} has no preset "${name}"; there are ${names}`);
  }
  write(folder, others);
}

function readEntries(folder: Pick<DataFolder, 'root'>): Record<string, unknown> {
  const file = presetsFile(folder);
  if (!existsSync(file)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).presets;
  } catch (cause) {
    const what = cause instanceof z.ZodError ? 'it has no object "presets"' : messageOf(cause);
    const remedy = 'mend it, or delete it and promote its presets again';
    throw new DataError('presets-unusable', `cannot read ${file}: ${what}; ${remedy}`, { cause });
  }
}

function write(folder: DataFolder, entries: Readonly<Record<string, unknown>>): void {
  const text = `${JSON.stringify({ presets: entries }, null, 2)}\n`;
  writeFileDurably(presetsFile(folder), (fd) => writeFully(fd, Buffer.from(text)));
}

function faultOf(name: string, entry: unknown): string | undefined {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${[...issue!.path, ''].join('.')} ${issue!.message}`.trimStart();
  }
  try {
    const { algorithm, params } = parsed.data;
    checkParamsOf(algorithm, resolveParamsOf(algorithm, params));
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  return faultOfName(name);
}

function faultOfName(name: string): string | undefined {
  if (reservedNames.includes(name))
    return `that is the name of what is there anyway (${reservedNames.join(', ')})`;
  if (nameForm.test(name)) return undefined;
  return 'a name is 1 to 64 letters, digits, dots, hyphens and underscores, a letter first';
}
