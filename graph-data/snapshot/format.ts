import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { z } from 'zod';
import {
  type PinBoardGraph,
  type PinTopics,
  type PruneOptions,
  sharedInt32Array,
} from '../../engine/index.ts';
import { type Communities, communityLevels } from '../analysis/index.ts';
import type { GraphCounts } from '../database/index.ts';
import { ioBytesMax } from '../durable-files.ts';
import { DataError } from '../errors.ts';

/**
 * The snapshot file, format 2. All integers little-endian.
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
export const formatVersion = 2;
export const fixedBytes = 48;
const alignment = 64;

/**
 * The arrays of a graph and of its analysis, in the order in which they lie in the file. Without analysis, its
 * sections are there and empty.
 */
export const sectionNames = [
  'pinToBoard.slices',
  'pinToBoard.neighbors',
  'boardToPin.slices',
  'boardToPin.neighbors',
  'boardToUser',
  'pageRank',
  'communities.pins',
  'communities.boards',
] as const;
export type SectionName = (typeof sectionNames)[number];
/** All 32-bit integers, but for PageRank: 32-bit floats, whose error of 6e-8 is below the computation's own. */
export type SectionArray = Int32Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
export type Sections = Record<Exclude<SectionName, 'pageRank'>, Int32Array<SharedArrayBuffer>> & {
  pageRank: Float32Array<SharedArrayBuffer>;
};

/** What a build computes of the graph as a whole. */
export interface Analysis {
  /** PageRank by pin. */
  readonly pageRank: Float32Array<SharedArrayBuffer>;
  readonly communities: Communities;
}

/** How a graph was pruned. */
export interface SnapshotPruning extends PruneOptions {
  readonly topics: PinTopics['kind'];
}

export interface SnapshotHeader {
  /** Lengths of the graph's arrays: one more than the largest id of each table; and the saves that pruning left. */
  readonly counts: GraphCounts;
  /** What the build did: whether it computed PageRank and communities (of the whole graph), and whether it pruned. */
  readonly options: { readonly analysis: boolean; readonly prune?: SnapshotPruning | undefined };
  readonly communityLevels: number;
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
  options: z.strictObject({
    analysis: z.boolean(),
    prune: z
      .strictObject({
        delta: z.number(),
        entropyShareDropped: z.number(),
        topics: z.enum(['communities', 'vectors']),
      })
      .optional(),
  }),
  communityLevels: count,
  position: count,
  sections: z
    .array(z.strictObject({ name: z.enum(sectionNames), offset: count, bytes: count, sha256: z.string() }))
    .length(sectionNames.length),
});

/** The arrays by section. */
export function sectionsOf(graph: PinBoardGraph, analysis: Analysis | undefined): Sections {
  return {
    'pinToBoard.slices': graph.pinToBoard.slices,
    'pinToBoard.neighbors': graph.pinToBoard.neighbors,
    'boardToPin.slices': graph.boardToPin.slices,
    'boardToPin.neighbors': graph.boardToPin.neighbors,
    boardToUser: graph.boardToUser,
    pageRank: analysis?.pageRank ?? new Float32Array(new SharedArrayBuffer(0)),
    'communities.pins': analysis?.communities.pins ?? sharedInt32Array(0),
    'communities.boards': analysis?.communities.boards ?? sharedInt32Array(0),
  };
}

/** Bytes of each section, known from the counts alone. */
export function sectionBytes(counts: GraphCounts, analysis: boolean): Record<SectionName, number> {
  const analysed = analysis ? counts : { pins: 0, boards: 0 };
  return {
    'pinToBoard.slices': 8 * counts.pins,
    'pinToBoard.neighbors': 4 * counts.saves,
    'boardToPin.slices': 8 * counts.boards,
    'boardToPin.neighbors': 4 * counts.saves,
    boardToUser: 4 * counts.boards,
    pageRank: 4 * analysed.pins,
    'communities.pins': 4 * communityLevels * analysed.pins,
    'communities.boards': 4 * communityLevels * analysed.boards,
  };
}

/** Where the first section starts: the header is some 1,500 bytes and always fits before it. */
const firstOffset = 4096;

/** The header, its bytes, and the file's size. */
export function layOut(
  counts: GraphCounts,
  options: SnapshotHeader['options'],
  position: number,
  sha256: Record<SectionName, string>,
): { header: SnapshotHeader; headerBytes: Buffer; fileBytes: number } {
  const bytes = sectionBytes(counts, options.analysis);
  let offset = firstOffset;
  const sections = sectionNames.map((name) => {
    const at = offset;
    offset = align(at + bytes[name]);
    return { name, offset: at, bytes: bytes[name], sha256: sha256[name] };
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
export function bytesOf(array: SectionArray): Uint8Array {
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
