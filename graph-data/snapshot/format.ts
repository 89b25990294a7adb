import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { z } from 'zod';
import { communityLevels } from '../communities.ts';
import type { GraphCounts } from '../database/index.ts';
import { ioBytesMax } from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { type SectionName, allSectionNames, sectionBytes, sectionNames, sectionNamesOf } from './sections.ts';
import { type SnapshotOptions, optionsSchema } from './snapshot-options.ts';

/**
 * The snapshot file, format 3. All integers little-endian.
 *
 *   0   magic "PINWALK\n"
 *   8   uint32 format version
 *   12  uint32 length of the header in bytes
 *   16  SHA-256 of the header
 *   48  origin: id of the database (16 bytes), mark of its last change (8 bytes)
 *   72  the first 8 bytes of the SHA-256 of the preceding bytes
 *   80  header: JSON (counts, build options, source position, sections with offset, bytes, SHA-256)
 *   …   sections, each at a multiple of 64, zeros in the gaps; the file ends with the padding of the last one
 *
 * The version of a snapshot is the start of the header's SHA-256. The header contains the hash of every section, so the
 * version identifies the whole content except the origin, which ties the file to one database. It contains no time and no
 * machine, so equal rows of one database give equal bytes.
 */
export const magic: Uint8Array = Buffer.from('PINWALK\n');
export const formatVersion = 3;
export const originAt = 48;
export const originSumAt = 72;
export const fixedBytes = 80;
const alignment = 64;

export interface SnapshotHeader {
  /** Next ids of users, boards and pins, which are the lengths of the arrays; saves after pruning. */
  readonly counts: GraphCounts;
  readonly options: SnapshotOptions;
  readonly communityLevels: number;
  /** Position of the change log that the snapshot covers. */
  readonly position: number;
  readonly sections: readonly SnapshotSection[];
}

interface SnapshotSection {
  readonly name: SectionName;
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
}

const count = z.int().nonnegative();

export const headerSchema: z.ZodType<SnapshotHeader> = z.strictObject({
  counts: z.strictObject({ users: count, boards: count, pins: count, saves: count }),
  options: optionsSchema,
  communityLevels: count,
  position: count,
  sections: z
    .array(
      z.strictObject({
        name: z.enum(allSectionNames),
        offset: count,
        bytes: count,
        sha256: z.string(),
      }),
    )
    .min(sectionNames.length),
});

/** Offset of the first section; the header, 2,000 to 3,500 bytes, always fits before it. */
const firstOffset = 4096;

/** Computes the header, its bytes, and the size of the file. */
export function layOut(
  counts: GraphCounts,
  options: SnapshotOptions,
  position: number,
  sha256: (name: SectionName) => string,
): { header: SnapshotHeader; headerBytes: Buffer; fileBytes: number } {
  const bytes = sectionBytes(counts, options);
  let offset = firstOffset;
  const sections = sectionNamesOf(options).map((name) => {
    const at = offset;
    offset = align(at + bytes[name]);
    return { name, offset: at, bytes: bytes[name], sha256: sha256(name) };
  });
  const header: SnapshotHeader = {
    counts: { ...counts },
    options: { ...options },
    communityLevels,
    position,
    sections,
  };
  return { header, headerBytes: Buffer.from(JSON.stringify(header)), fileBytes: offset };
}

function align(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

export function sha256Of(bytes: Uint8Array): Buffer {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += ioBytesMax) hash.update(bytes.subarray(at, at + ioBytesMax));
  return hash.digest();
}

/** The version derived from the header's hash. */
export function versionOf(headerSha256: Buffer): string {
  return headerSha256.toString('hex').slice(0, 16);
}

export const versionPattern: RegExp = /^[0-9a-f]{16}$/;

/** The file holds the arrays as they are in memory. Throws `data-folder-unusable` on other processors. */
export function assertLittleEndian(): void {
  if (endianness() !== 'LE') {
    throw new DataError('data-folder-unusable', 'snapshots require a little-endian processor');
  }
}
