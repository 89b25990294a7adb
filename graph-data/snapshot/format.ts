import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { z } from 'zod';
import type { PinBoardGraph } from '../../engine/index.ts';
import type { GraphCounts } from '../database/index.ts';
import { ioBytesMax } from '../durable-files.ts';
import { DataError } from '../errors.ts';

/**
 * The snapshot file, format 1. All integers little-endian.
 *
 *   0   magic "PINWALK\n"
 *   8   uint32 format version
 *   12  uint32 length of the header in bytes
 *   16  SHA-256 of the header
 *   48  the header: JSON (counts, build options, source position, sections with offset, bytes, SHA-256)
 *   …   sections, each at a multiple of 64, zeros in the gaps; the file ends with the last one's padding
 *
 * The version of a snapshot is the start of the header's SHA-256. The header holds the hash of every
 * section, so the version names the whole content; it holds no time and no machine, so equal rows give
 * equal bytes.
 */
export const magic: Uint8Array = Buffer.from('PINWALK\n');
export const formatVersion = 1;
export const fixedBytes = 48;
const alignment = 64;

/** The arrays of a graph, in the order in which they lie in the file. */
export const sectionNames = [
  'pinToBoard.slices',
  'pinToBoard.neighbors',
  'boardToPin.slices',
  'boardToPin.neighbors',
  'boardToUser',
] as const;
export type SectionName = (typeof sectionNames)[number];

export interface SnapshotHeader {
  /** Lengths of the graph's arrays: one more than the largest id of each table; and the saves. */
  readonly counts: GraphCounts;
  /** What the build was told to do; nothing can be told yet. */
  readonly options: Readonly<Record<string, never>>;
  /** How far into the database's history the snapshot reads. */
  readonly position: number;
  readonly sections: readonly SnapshotSection[];
}

export interface SnapshotSection {
  readonly name: SectionName;
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
}

const count = z.int().nonnegative();

export const headerSchema: z.ZodType<SnapshotHeader> = z.strictObject({
  counts: z.strictObject({ users: count, boards: count, pins: count, saves: count }),
  options: z.strictObject({}),
  position: count,
  sections: z
    .array(z.strictObject({ name: z.enum(sectionNames), offset: count, bytes: count, sha256: z.string() }))
    .length(sectionNames.length),
});

/** The arrays of a graph by section. */
export function sectionsOf(graph: PinBoardGraph): Record<SectionName, Int32Array<SharedArrayBuffer>> {
  return {
    'pinToBoard.slices': graph.pinToBoard.slices,
    'pinToBoard.neighbors': graph.pinToBoard.neighbors,
    'boardToPin.slices': graph.boardToPin.slices,
    'boardToPin.neighbors': graph.boardToPin.neighbors,
    boardToUser: graph.boardToUser,
  };
}

/** Bytes of each section, known from the counts alone. */
export function sectionBytes(counts: GraphCounts): Record<SectionName, number> {
  return {
    'pinToBoard.slices': 8 * counts.pins,
    'pinToBoard.neighbors': 4 * counts.saves,
    'boardToPin.slices': 8 * counts.boards,
    'boardToPin.neighbors': 4 * counts.saves,
    boardToUser: 4 * counts.boards,
  };
}

/** Where the first section starts: the header is some 1,000 bytes and always fits before it. */
const firstOffset = 4096;

/** The header, its bytes, and the file's size. */
export function layOut(
  counts: GraphCounts,
  position: number,
  sha256: Record<SectionName, string>,
): { header: SnapshotHeader; headerBytes: Buffer; fileBytes: number } {
  const bytes = sectionBytes(counts);
  let offset = firstOffset;
  const sections = sectionNames.map((name) => {
    const at = offset;
    offset = align(at + bytes[name]);
    return { name, offset: at, bytes: bytes[name], sha256: sha256[name] };
  });
  const header: SnapshotHeader = { counts: { ...counts }, options: {}, position, sections };
  return { header, headerBytes: Buffer.from(JSON.stringify(header)), fileBytes: offset };
}

export function align(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

export function sha256Of(bytes: Uint8Array): Buffer {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += ioBytesMax) hash.update(bytes.subarray(at, at + ioBytesMax));
  return hash.digest();
}

/** The version that a header's hash gives. */
export function versionOf(headerSha256: Buffer): string {
  return headerSha256.toString('hex').slice(0, 16);
}

export const versionPattern: RegExp = /^[0-9a-f]{16}$/;

/** The bytes of an array, no copy. */
export function bytesOf(array: Int32Array<SharedArrayBuffer>): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The arrays are written as they lie in memory. */
export function assertLittleEndian(): void {
  if (endianness() !== 'LE') {
    throw new DataError(
      'data-folder-unusable',
      'snapshots need a little-endian processor, which this is not',
    );
  }
}
