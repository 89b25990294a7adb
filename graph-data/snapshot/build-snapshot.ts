import { resolveParams } from '../../engine/base/index.ts';
import { type PinContent, contentBuildParams } from '../../engine/content/index.ts';
import { type PruneReport, checkPruneOptions, saveCount } from '../../engine/graph/index.ts';
import { type LinearWeights, linearBuildParams } from '../../engine/linear/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { PinsSaid } from '../content/index.ts';
import type { GraphCounts } from '../database/index.ts';
import { removeLeftovers, writeFileDurably, writeFully } from '../durable-files.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { analyse, compareTexts, itemWeights } from './analyse.ts';
import { type BuildOptions, isAnalysed } from './build-options.ts';
import {
  type SnapshotHeader,
  assertLittleEndian,
  fixedBytes,
  formatVersion,
  layOut,
  magic,
  originAt,
  originSumAt,
  sha256Of,
  versionOf,
} from './format.ts';
import { type SectionName, type Sections, bytesOf, sectionsOf } from './sections.ts';
import { type ContentSizes, type SnapshotPruning } from './snapshot-options.ts';
import { type WholeGraph, graphFromDatabase } from './graph-from-database.ts';
import { keepInterests } from './keep-interests.ts';
import { prune } from './prune.ts';
import { snapshotFile } from './snapshot-file.ts';

/** The result of a build. `saves` counts those of the snapshot. */
export interface BuildReport extends GraphCounts {
  readonly version: string;
  /** Size of the snapshot file. */
  readonly bytes: number;
  readonly seconds: number;
  /** Number of item weights, if the build computed them. */
  readonly weights?: number;
  /** Number of links by content, if the build compared texts. */
  readonly contentLinks?: number;
  /** Present if the graph was pruned. */
  readonly pruning?: PruneReport & SnapshotPruning;
}

/**
 * Builds a snapshot of the current state of the database and writes it atomically and durably, without activating it; with
 * analysis, its interest tree beside it. Equal rows give an equal version and equal bytes. Analysis and item weights are
 * of the whole graph, also if it is pruned.
 *
 * `now` returns milliseconds, for the report. O(saves + nodes) plus the analysis; memory 8 bytes per save and per pin,
 * 12 per board, plus the analysis and the item weights ({@link estimateBuild}).
 *
 * Throws `nothing-to-build` if the database has no saves, `no-topics` and `topics-unusable` if the graph cannot be
 * pruned, `invalid-parameter` for invalid options, and `stopped` if the signal is aborted.
 */
export async function buildSnapshot(
  folder: DataFolder,
  now: () => number,
  options: BuildOptions = {},
): Promise<BuildReport> {
  const started = now();
  assertLittleEndian();
  removeLeftovers(folder.snapshots);
  if (options.prune !== undefined) checkPruneOptions(options.prune);
  if (options.linear !== undefined) resolveParams(linearBuildParams, options.linear);
  if (options.content !== undefined) resolveParams(contentBuildParams, options.content);
  const whole = await graphFromDatabase(folder, options);
  const hasAnalysis = isAnalysed(whole.counts, options);
  const analysis = hasAnalysis ? await analyse(whole.graph, whole.counts, options) : undefined;
  const pruned = options.prune && (await prune(whole, analysis?.communities, options.prune, options));
  const { graph } = pruned ?? whole;
  const counts = { ...whole.counts, saves: saveCount(graph) };
  const linear = options.linear && (await itemWeights(whole.graph, options.linear, options));
  const { said } = whole;
  const content =
    options.content && said && (await compareTexts(whole.graph, said, options.content, options));
  const sections = sectionsOf(graph, { analysis, linear, content });
  const built = {
    analysis: hasAnalysis,
    ...(pruned === undefined ? {} : { prune: pruned.pruning }),
    ...(linear && { linear: { ...options.linear, ...sizesOf(linear) } }),
    ...(options.content && {
      content: { ...options.content, ...contentSizes(content), vectors: namesOf(said) },
    }),
  };
  await yieldToEventLoop(options.signal);
  const { version, bytes } = writeSnapshot(folder, sections, counts, built, whole);
  if (analysis !== undefined) await keepInterests(folder, version, whole, analysis.communities, options);
  const report = {
    version,
    ...counts,
    bytes,
    seconds: (now() - started) / 1000,
    ...(linear && { weights: sizesOf(linear).weights }),
    ...(content && { contentLinks: content.near.pins.length }),
  };
  return pruned === undefined ? report : { ...report, pruning: { ...pruned.pruning, ...pruned.report } };
}

/** How many weights there are, and of how many boards their kernel is. */
function sizesOf(linear: LinearWeights): { weights: number; boards?: number } {
  if (!('kernel' in linear)) return { weights: linear.weights.length };
  return { weights: linear.kernel.length, boards: Math.sqrt(linear.kernel.length) };
}

/** Names of the vectors that were compared. */
function namesOf(said: PinsSaid | undefined): string[] {
  return said?.vectors.map(({ name }) => name) ?? [];
}

/** Lengths of what a snapshot stores of texts: all 0 where no two pins share a word. */
function contentSizes(content: PinContent | undefined): ContentSizes {
  if (content === undefined) return { words: 0, wordBytes: 0, entries: 0, links: 0 };
  const { words, rows, near } = content;
  return {
    words: rows.columnCount,
    wordBytes: words.bytes.length,
    entries: rows.columns.length,
    links: near.pins.length,
  };
}

/** Deletes the unfinished file of a build in a thread of this process that was terminated. */
export function discardUnfinished(folder: DataFolder): void {
  removeLeftovers(folder.snapshots, true);
}

function writeSnapshot(
  folder: DataFolder,
  sections: Sections,
  counts: GraphCounts,
  options: SnapshotHeader['options'],
  { position, origin }: Pick<WholeGraph, 'position' | 'origin'>,
): { version: string; bytes: number } {
  const hashOf = (name: SectionName): string => sha256Of(bytesOf(sections[name]!)).toString('hex');
  const { header, headerBytes, fileBytes } = layOut(counts, options, position, hashOf);
  const headerSha256 = sha256Of(headerBytes);
  const version = versionOf(headerSha256);
  const start = Buffer.alloc(fixedBytes);
  start.set(magic);
  start.writeUInt32LE(formatVersion, 8);
  start.writeUInt32LE(headerBytes.length, 12);
  start.set(headerSha256, 16);
  start.write(origin.id + origin.mark, originAt, 'hex');
  start.set(sha256Of(start.subarray(0, originSumAt)).subarray(0, fixedBytes - originSumAt), originSumAt);
  writeFileDurably(snapshotFile(folder, version), (fd) => {
    let written = 0;
    const write = (bytes: Uint8Array): void => {
      writeFully(fd, bytes);
      written += bytes.length;
    };
    write(start);
    write(headerBytes);
    for (const { name, offset } of header.sections) {
      write(Buffer.alloc(offset - written));
      write(bytesOf(sections[name]!));
    }
    write(Buffer.alloc(fileBytes - written));
  });
  return { version, bytes: fileBytes };
}
