import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Sharp, SharpOptions } from 'sharp';
import {
  colorPictureSize,
  groupPictures,
  pictureColors,
  pictureHash,
  pictureSize,
} from '../../../engine/content/index.ts';
import type { DataFolder } from '../../data-folder.ts';
import { type Database, asDataError, openDatabase } from '../../database/index.ts';
import { DataError, messageOf } from '../../errors.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';

/** The result of an import of pictures. */
interface PictureReport {
  readonly read: number;
  readonly rejected: number;
  /** Pins in groups of pictures that are nearly the same, and the groups, of all pins. */
  readonly alike: number;
  readonly groups: number;
  /** The first ten rejected files. */
  readonly firstRejects: readonly { readonly file: string; readonly reason: string }[];
}

type OpenPicture = (file: string, options: SharpOptions) => Sharp;

/** The findings of one picture, without regard to other pins. */
interface PictureFacts {
  readonly hex: string;
  /** Undefined for a hash that is stored: its colors are as well. */
  readonly colors?: readonly string[];
}

/** Attributes: the hash of a pin's picture, its colors, and the pin that stands for all with nearly the same. */
const hashField = 'pictureHash';
const colorsField = 'pictureColors';
const groupField = 'picture';
const firstRejectsMax = 10;
/** Bits of 128 in which pictures that are nearly the same differ at most. */
const distanceMax = 8;
/** Pictures of more pixels are rejected: unpacked, they have no bound. */
const pixelsMax = 100_000_000;

/**
 * Hashes pictures and names their colors. Files are named by the keys of their pins (percent-encoded where a key cannot be a file name): `KEY.jpg`, `.png`, `.webp`,
 * whatever sharp reads. Then groups the pictures of all pins, and names each group in the attribute `picture` of its pins,
 * in one transaction. A file of no pin or that is no picture is rejected. Throws `pictures-unreadable`, also without sharp,
 * and with the codes of {@link asDataError}.
 */
export async function importPictures(
  folder: DataFolder,
  directories: readonly string[],
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (files: number) => void } = {},
): Promise<PictureReport> {
  const open = await loadSharp();
  const database = openDatabase(folder);
  try {
    const pictures = new Map<number, PictureFacts>();
    const firstRejects: { file: string; reason: string }[] = [];
    const idOf = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
    let [read, rejected] = [0, 0];
    for (const file of directories.flatMap(filesOf)) {
      await yieldToEventLoop(signal);
      const pin = idOf.get(keyOf(file));
      const facts =
        pin === undefined ? `there is no pin ${JSON.stringify(keyOf(file))}` : await factsOf(open, file);
      read++;
      if (typeof facts !== 'string') pictures.set(pin!, facts);
      else {
        rejected++;
        if (firstRejects.length < firstRejectsMax) firstRejects.push({ file, reason: facts });
      }
      onProgress?.(read);
    }
    database.exec('BEGIN IMMEDIATE');
    const counts = writeGroups(database, pictures);
    database.exec('COMMIT');
    return { read, rejected, ...counts, firstRejects };
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw asDataError(folder, error);
  } finally {
    database.close();
  }
}

async function loadSharp(): Promise<OpenPicture> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    const detail = 'reading pictures needs sharp, which is not installed with pinwalk: npm install sharp';
    throw new DataError('pictures-unreadable', `${detail} (${messageOf(cause)})`, { cause });
  }
}

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name }) => path.join(directory, name))
      .toSorted();
  } catch (cause) {
    const detail = `cannot read the folder ${directory}: ${messageOf(cause)}. Give a folder of pictures, named by their pins`;
    throw new DataError('pictures-unreadable', detail, { cause });
  }
}

/** The key of the pin that a file is named by. */
function keyOf(file: string): string {
  const { name } = path.parse(file);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The findings of a picture, or why there are none. */
async function factsOf(open: OpenPicture, file: string): Promise<PictureFacts | string> {
  const sized = (size: number): Sharp =>
    open(file, { limitInputPixels: pixelsMax, failOn: 'error' })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .resize(size, size, { fit: 'fill', kernel: 'linear' });
  try {
    const hash = pictureHash(await sized(pictureSize).greyscale().raw().toBuffer());
    if (hash === undefined) return 'it is nearly of one color';
    const rgb = sized(colorPictureSize).toColourspace('srgb').raw({ depth: 'uchar' });
    return { hex: hexOf(hash), colors: pictureColors(await rgb.toBuffer()) };
  } catch (error) {
    return `it is no picture that can be read: ${messageOf(error)}`;
  }
}

function hexOf(hash: Uint32Array): string {
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('');
}

function wordsOf(hex: string): Uint32Array {
  return Uint32Array.from({ length: hex.length / 8 }, (_, i) =>
    Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16),
  );
}

type PinRow = [id: number, key: string, attributes: string | null];

/** Groups all pins by their hashes, new and stored, and writes the changes. O(pins + pictures² / 16). */
function writeGroups(
  database: Database,
  pictures: ReadonlyMap<number, PictureFacts>,
): Pick<PictureReport, 'alike' | 'groups'> {
  const rows = database.prepare<[], PinRow>('SELECT id, key, attributes FROM pins ORDER BY id').raw();
  const pins: ({ id: number; key: string } & PictureFacts)[] = [];
  for (const [id, key, attributes] of rows.iterate()) {
    const stored = attributes?.includes(hashField) === true ? valuesOf(attributes)[hashField] : undefined;
    const known = typeof stored === 'string' && /^[0-9a-f]{32}$/.test(stored) ? { hex: stored } : undefined;
    const facts = pictures.get(id) ?? known;
    if (facts !== undefined) pins.push({ id, key, ...facts });
  }
  const groups = groupPictures(
    pins.map(({ hex }) => wordsOf(hex)),
    distanceMax,
  );
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const select = database
    .prepare<[number], string | null>('SELECT attributes FROM pins WHERE id = ?')
    .pluck();
  const update = database.prepare<[string, number]>('UPDATE pins SET attributes = ? WHERE id = ?');
  let alike = 0;
  for (const [i, { id, hex, colors }] of pins.entries()) {
    const before = select.get(id) ?? '{}';
    const { [groupField]: _group, [hashField]: _hash, ...others } = valuesOf(before);
    const isAlike = sizes.get(groups[i]!)! > 1;
    if (isAlike) alike++;
    const group = isAlike ? { [groupField]: pins[groups[i]!]!.key } : {};
    const named = colors && { [colorsField]: colors };
    const after = JSON.stringify({ ...others, ...group, ...named, [hashField]: hex });
    if (after !== before) update.run(after, id);
  }
  return { alike, groups: [...sizes.values()].filter((size) => size > 1).length };
}

function valuesOf(attributes: string): Record<string, unknown> {
  return JSON.parse(attributes) as Record<string, unknown>;
}
