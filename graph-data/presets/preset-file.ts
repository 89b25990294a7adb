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
} from '../../engine/pipeline/index.ts';
import type { DataFolder } from '../data-folder.ts';
import {
  type Entries,
  type EntriesFile,
  readEntries as readEntriesOf,
  writeEntries,
} from '../entries-file.ts';
import { DataError } from '../errors.ts';

/**
 * Names that a folder's own preset cannot have: names of algorithms, and of built-in presets that cannot be
 * replaced.
 */
const reservedNames: readonly string[] = [
  ...algorithmNames,
  ...Object.keys(builtIn).filter((name) => !replaceablePresets.includes(name)),
];

export const presetNameForm = /^[a-z][a-z0-9._-]{0,63}$/i;
export const presetNameFault =
  'a name has 1 to 64 letters, digits, dots, hyphens and underscores, and starts with a letter';
const presetsMax = 1_000;

const entrySchema = z.strictObject({
  algorithm: z.enum(algorithmNames),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  // The origin, for people.
  from: z.string().optional(),
  // What tuning measured, for programs.
  evidence: z.record(z.string(), z.json()).optional(),
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
  return readEntriesOf(fileOf(folder), onEdited);
}

function write(folder: DataFolder, entries: Entries): void {
  writeEntries(fileOf(folder), entries);
}

function fileOf(folder: Pick<DataFolder, 'root'>): EntriesFile {
  const remedy = 'fix it, or delete it and promote its presets again';
  return { file: presetsFile(folder), member: 'presets', code: 'presets-unusable', remedy };
}

function faultOf(name: string, entry: unknown): string | undefined {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${[...issue!.path, ''].join('.')} ${issue!.message}`.trimStart();
  }
  const [first] = faultsOf(parsed.data);
  return first === undefined ? faultOfName(name) : `${first.name}: ${first.message}`;
}

function faultOfName(name: string): string | undefined {
  if (reservedNames.includes(name)) return `the name is taken (${reservedNames.join(', ')})`;
  if (presetNameForm.test(name)) return undefined;
  return presetNameFault;
}
