import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { z } from 'zod';
import {
  type LinearBuildParams,
  type LinearWeights,
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

/** Item weights (docs/linear.md): present only if the build computed them. */
const listSectionNames = ['linear.starts', 'linear.pins', 'linear.weights'] as const;
/** The same as a table between boards, where these are few. */
const kernelSectionNames = ['linear.rows', 'linear.kernel', 'linear.factors'] as const;

/**
 * The arrays of a graph and its analysis, in file order; item weights follow. Without analysis, its sections are present but
 * empty.
 */
const sectionNames = [
  'pinToBoard.slices',
  'pinToBoard.neighbors',
  'boardToPin.slices',
  'boardToPin.neighbors',
  'boardToUser',
  'pageRank',
  'communities.pins',
  'communities.boards',
] as const;
type GraphSection = 'boardToUser' | `${'pinToBoard' | 'boardToPin'}.${'slices' | 'neighbors'}`;
export type SectionName = (typeof sectionNames | typeof listSectionNames | typeof kernelSectionNames)[number];

/** The sections of a snapshot built with these options, in file order. */
export function sectionNamesOf({ linear }: SnapshotHeader['options']): readonly SectionName[] {
  if (linear === undefined) return sectionNames;
  return [...sectionNames, ...(linear.boards === undefined ? listSectionNames : kernelSectionNames)];
}

/** 32-bit integers, except PageRank and weights: 32-bit floats, whose error of 6e-8 is below that of the computation. */
export type SectionArray = Int32Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
export type Sections = Record<
  Exclude<(typeof sectionNames)[number], 'pageRank'>,
  Int32Array<SharedArrayBuffer>
> & {
  pageRank: Float32Array<SharedArrayBuffer>;
  'linear.starts'?: Int32Array<SharedArrayBuffer>;
  'linear.pins'?: Int32Array<SharedArrayBuffer>;
  'linear.weights'?: Float32Array<SharedArrayBuffer>;
  'linear.rows'?: Int32Array<SharedArrayBuffer>;
  'linear.kernel'?: Float32Array<SharedArrayBuffer>;
  'linear.factors'?: Float32Array<SharedArrayBuffer>;
};

const floatSections = new Set<SectionName>(['pageRank', 'linear.weights', 'linear.kernel', 'linear.factors']);

/** A zeroed array of a section. */
export function sectionArray(name: SectionName, buffer: SharedArrayBuffer): SectionArray {
  return floatSections.has(name) ? new Float32Array(buffer) : new Int32Array(buffer);
}

/** Results computed on the whole graph. */
export interface Analysis {
  /** PageRank by pin. */
  readonly pageRank: Float32Array<SharedArrayBuffer>;
  readonly communities: Communities;
}

/** How a graph was pruned. */
export interface SnapshotPruning extends PruneOptions {
  readonly topics: PinTopics['kind'];
}

/** How the item weights were computed, and how many there are. */
interface SnapshotLinear extends LinearBuildParams {
  readonly weights: number;
  /** Boards of the kernel; absent where weights are lists. */
  readonly boards?: number | undefined;
}

export interface SnapshotHeader {
  /** Next ids of users, boards and pins, which are the lengths of the arrays; saves after pruning. */
  readonly counts: GraphCounts;
  /** Whether the build computed PageRank and communities, and item weights (of the whole graph), and how it pruned. */
  readonly options: {
    readonly analysis: boolean;
    readonly prune?: SnapshotPruning | undefined;
    readonly linear?: SnapshotLinear | undefined;
  };
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
  options: z.strictObject({
    analysis: z.boolean(),
    prune: z
      .strictObject({
        delta: z.number(),
        entropyShareDropped: z.number(),
        topics: z.enum(['communities', 'vectors']),
      })
      .optional(),
    linear: z
      .strictObject({
        neighborsMax: count,
        ridge: z.number(),
        dropout: z.number(),
        boardPinsMax: count,
        weights: count,
        boards: count.optional(),
      })
      .optional(),
  }),
  communityLevels: count,
  position: count,
  sections: z
    .array(
      z.strictObject({
        name: z.enum([...sectionNames, ...listSectionNames, ...kernelSectionNames]),
        offset: count,
        bytes: count,
        sha256: z.string(),
      }),
    )
    .min(sectionNames.length),
});

/** The arrays of a graph by section. */
export function sectionsOfGraph({
  pinToBoard,
  boardToPin,
  boardToUser,
}: PinBoardGraph): Pick<Sections, GraphSection> {
  return {
    'pinToBoard.slices': pinToBoard.slices,
    'pinToBoard.neighbors': pinToBoard.neighbors,
    'boardToPin.slices': boardToPin.slices,
    'boardToPin.neighbors': boardToPin.neighbors,
    boardToUser,
  };
}

/** The arrays by section. */
export function sectionsOf(
  graph: PinBoardGraph,
  analysis: Analysis | undefined,
  linear: LinearWeights | undefined,
): Sections {
  return {
    ...sectionsOfGraph(graph),
    pageRank: analysis?.pageRank ?? new Float32Array(new SharedArrayBuffer(0)),
    'communities.pins': analysis?.communities.pins ?? sharedInt32Array(0),
    'communities.boards': analysis?.communities.boards ?? sharedInt32Array(0),
    ...(linear &&
      ('kernel' in linear
        ? { 'linear.rows': linear.rows, 'linear.kernel': linear.kernel, 'linear.factors': linear.factors }
        : { 'linear.starts': linear.starts, 'linear.pins': linear.pins, 'linear.weights': linear.weights })),
  };
}

/** Size of each section in bytes. */
export function sectionBytes(
  counts: GraphCounts,
  { analysis, linear }: SnapshotHeader['options'],
): Record<SectionName, number> {
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
    'linear.starts': linear === undefined ? 0 : 4 * (counts.pins + 1),
    'linear.pins': 4 * (linear?.weights ?? 0),
    'linear.weights': 4 * (linear?.weights ?? 0),
    'linear.rows': 4 * counts.boards,
    'linear.kernel': 4 * (linear?.weights ?? 0),
    'linear.factors': 8 * counts.pins,
  };
}

/** Offset of the first section; the header, about 2,000 bytes, always fits before it. */
const firstOffset = 4096;

/** Computes the header, its bytes, and the size of the file. */
export function layOut(
  counts: GraphCounts,
  options: SnapshotHeader['options'],
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

/** The bytes of an array, without copying. */
export function bytesOf(array: SectionArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The file holds the arrays as they are in memory. Throws `data-folder-unusable` on other processors. */
export function assertLittleEndian(): void {
  if (endianness() !== 'LE') {
    throw new DataError('data-folder-unusable', 'snapshots require a little-endian processor');
  }
}
