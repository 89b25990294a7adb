import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  type OwnPresets,
  type PipelineSettings,
  algorithmNames,
  faultsOf,
  presets as builtIn,
  replaceablePresets,
  resolvePipeline,
  settingsOf,
} from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';

/** Names that a folder's own preset cannot have: those of algorithms, and of built-in presets that cannot be replaced. */
const reservedNames: readonly string[] = [
  ...algorithmNames,
  ...Object.keys(builtIn).filter((name) => !replaceablePresets.includes(name)),
];

const nameForm = /^[a-z][a-z0-9._-]{0,63}$/i;
const presetsMax = 1_000;

const entrySchema = z.strictObject({
  algorithm: z.enum(algorithmNames),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  // The origin, for people.
  from: z.string().optional(),
  // What tuning measured, for programs.
  evidence: z.record(z.string(), z.json()).optional(),
});
const fileSchema = z.strictObject({
  presets: z.record(z.string(), z.unknown()),
  // Of the presets as pinwalk wrote them: a flipped digit would make another valid preset.
  sha256: z.string().optional(),
});

/** The JSON file of a data folder's presets. */
export function presetsFile(folder: Pick<DataFolder, 'root'>): string {
  return path.join(folder.root, 'presets.json');
}

/**
 * A data folder's own presets; none if it has no such file. Calls `onEdited` if the file is not as pinwalk wrote it. Throws
 * `presets-unusable`, with the file, the preset and the remedy.
 */
export function readPresets(
  folder: Pick<DataFolder, 'root'>,
  onEdited?: (warning: DataError) => void,
): OwnPresets {
  const read = new Map<string, PipelineSettings>();
  for (const [name, entry] of Object.entries(readEntries(folder, onEdited))) {
    const fault = faultOf(name, entry);
    if (fault !== undefined) {
      const remedy = `fix it, or remove it: pinwalk presets remove ${name} --data ${folder.root}`;
      throw new DataError(
        'presets-unusable',
        `${presetsFile(folder)}: preset "${name}": ${fault}; ${remedy}`,
      );
    }
    const { algorithm, params } = entry as PipelineSettings;
    read.set(name, { algorithm, params });
  }
  return read;
}

/** Throws `preset-refused` for a name that a preset cannot have. */
export function checkPresetName(name: string): void {
  const fault = faultOfName(name);
  if (fault !== undefined)
    throw new DataError('preset-refused', `a preset cannot be named "${name}": ${fault}`);
}

/** Where a preset comes from. */
interface Origin {
  /** For people. */
  readonly from?: string;
  /** What tuning measured, for programs. */
  readonly evidence?: object;
}

/**
 * Adds a preset, or replaces the one of that name. Stores every parameter, so that a later change of defaults does not
 * affect it. Throws `preset-refused` and `invalid-parameter`.
 */
export function addPreset(
  folder: DataFolder,
  name: string,
  given: PipelineSettings,
  { from, evidence }: Origin = {},
): void {
  checkPresetName(name);
  const { algorithm, params } = settingsOf(resolvePipeline(given));
  const origin = { ...(from !== undefined && { from }), ...(evidence !== undefined && { evidence }) };
  const entries = { ...readEntries(folder), [name]: { algorithm, params, ...origin } };
  if (Object.keys(entries).length > presetsMax) {
    throw new DataError(
      'preset-refused',
      `${folder.root} has ${presetsMax} presets already: remove one first`,
    );
  }
  write(folder, entries);
}

/** Removes a preset, even an invalid one. Throws `preset-refused` if there is none of that name. */
export function removePreset(folder: DataFolder, name: string): void {
  const entries = readEntries(folder);
  const others = Object.fromEntries(Object.entries(entries).filter(([each]) => each !== name));
  if (!Object.hasOwn(entries, name)) {
    const names = Object.keys(others).join(', ') || 'none';
    throw new DataError('preset-refused', `${folder.root} has no preset "${name}"; there are ${names}`);
  }
  write(folder, others);
}

/** The names of a folder's presets that have evidence: tuning made them. Throws `presets-unusable`. */
export function tunedPresetsOf(folder: Pick<DataFolder, 'root'>): string[] {
  const entries = Object.entries(readEntries(folder));
  return entries
    .filter(([, entry]) => typeof entry === 'object' && entry !== null && 'evidence' in entry)
    .map(([name]) => name);
}

/**
 * Deletes the origins (`from`) of presets that contain one of the keys as a word, and returns their number. Names and settings
 * are the operator's and stay. Throws `presets-unusable`.
 */
export function eraseFromPresets(folder: DataFolder, keys: readonly string[]): number {
  const entries = readEntries(folder);
  let erased = 0;
  for (const entry of Object.values(entries)) {
    if (typeof entry !== 'object' || entry === null || !('from' in entry)) continue;
    const from = String(entry.from);
    if (!keys.some((key) => hasWord(from, key))) continue;
    delete entry.from;
    erased++;
  }
  if (erased > 0) write(folder, entries);
  return erased;
}

function hasWord(text: string, word: string): boolean {
  return (
    word !== '' &&
    ` ${text} `.split(word).some((before, i, parts) => {
      const after = parts[i + 1];
      return after !== undefined && !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
    })
  );
}

function readEntries(
  folder: Pick<DataFolder, 'root'>,
  onEdited?: (warning: DataError) => void,
): Record<string, unknown> {
  const file = presetsFile(folder);
  if (!existsSync(file)) return {};
  try {
    const { presets, sha256 } = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (sha256 !== undefined && sha256 !== sumOf(presets)) {
      const remedy =
        'check its values; without the line "sha256", or after the next change by pinwalk, it passes';
      onEdited?.(new DataError('presets-unusable', `${file} was edited or is damaged: ${remedy}`));
    }
    return presets;
  } catch (cause) {
    const what = cause instanceof z.ZodError ? 'it has no object "presets"' : messageOf(cause);
    const remedy = 'fix it, or delete it and promote its presets again';
    throw new DataError('presets-unusable', `cannot read ${file}: ${what}; ${remedy}`, { cause });
  }
}

function write(folder: DataFolder, entries: Readonly<Record<string, unknown>>): void {
  const text = `${JSON.stringify({ presets: entries, sha256: sumOf(entries) }, null, 2)}\n`;
  writeFileDurably(presetsFile(folder), (fd) => writeFully(fd, Buffer.from(text)));
}

function sumOf(entries: Readonly<Record<string, unknown>>): string {
  return hash('sha256', JSON.stringify(entries), 'hex');
}

function faultOf(name: string, entry: unknown): string | undefined {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${[...issue!.path, ''].join('.')} ${issue!.message}`.trimStart();
  }
  return faultsOf(parsed.data)[0]?.message ?? faultOfName(name);
}

function faultOfName(name: string): string | undefined {
  if (reservedNames.includes(name)) return `the name is taken (${reservedNames.join(', ')})`;
  if (nameForm.test(name)) return undefined;
  return 'a name has 1 to 64 letters, digits, dots, hyphens and underscores, and starts with a letter';
}
