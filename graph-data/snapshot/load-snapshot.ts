import { fstatSync } from 'node:fs';
import { type PinContent, createLiveLinks, linksBySource } from '../../engine/content/index.ts';
import {
  type PinBoardGraph,
  createAdjacency,
  liveCounters,
  sharedInt32Array,
} from '../../engine/graph/index.ts';
import type { LinearWeights } from '../../engine/linear/index.ts';
import { type Reserve, checkReserve } from '../../engine/live/index.ts';
import type { Communities } from '../communities.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Database, GraphCounts } from '../database/index.ts';
import { type SnapshotHeader, sha256Of } from './format.ts';
import {
  type SectionArray,
  type SectionName,
  type Sections,
  bytesOf,
  hasContent,
  sectionArray,
  sectionsOfGraph,
} from './sections.ts';
import { assertZeros, withSnapshot } from './open-snapshot.ts';
import { damaged, readFully } from './read-header.ts';

/** A snapshot in memory. */
export interface LoadedSnapshot {
  readonly version: string;
  readonly header: SnapshotHeader;
  readonly graph: PinBoardGraph;
  /** Global PageRank by pin; undefined if the snapshot was built without analysis. */
  readonly pageRank: Float32Array<SharedArrayBuffer> | undefined;
  /** Communities of pins and boards; undefined if the snapshot was built without analysis. */
  readonly communities: Communities | undefined;
  /** Item weights; undefined if the snapshot was built without `linear`. */
  readonly linear: LinearWeights | undefined;
  /** What pins say; undefined if the snapshot was built without `content`, or no two pins share a word. */
  readonly content: PinContent | undefined;
}

export interface LoadOptions {
  /**
   * Returns the capacity to reserve for a `LiveGraph`, given the snapshot's counts. The arrays are then longer than the
   * part in use, whose lengths are in `header.counts`. Default: none, and the graph is read-only.
   */
  readonly reserve?: ((counts: GraphCounts) => Reserve) | undefined;
  /** The folder's database, if it is open already. */
  readonly database?: Database | undefined;
}

/**
 * Loads a snapshot into shared memory, and verifies every byte of the file: the hashes of the header and of each
 * section, zeros in the gaps, the size and the name. Throws `snapshot-damaged`, which names the section, also if the
 * folder's database was never in the snapshot's state; `snapshot-unknown` if there is no such file; `invalid-parameter` for
 * an invalid reserve. O(bytes), 0.7 to 1 GB/s.
 */
export function loadSnapshot(folder: DataFolder, version: string, options: LoadOptions = {}): LoadedSnapshot {
  return withSnapshot(folder, version, options.database, ({ fd, file, header, headerEnd }) => {
    const reserve = options.reserve?.(header.counts);
    if (reserve !== undefined) checkReserve(reserve, header.counts);
    const graph = allocateGraph(header.counts, reserve);
    const sections: Partial<Record<SectionName, SectionArray>> = sectionsOfGraph(graph);
    let end = headerEnd;
    for (const { name, offset, bytes, sha256 } of header.sections) {
      assertZeros(fd, file, name, end, offset);
      const array = sections[name] ?? sectionArray(name, new SharedArrayBuffer(bytes));
      const stored = bytesOf(array).subarray(0, bytes);
      if (!readFully(fd, stored, offset)) throw damaged(file, name, 'the file ends within it');
      if (sha256Of(stored).toString('hex') !== sha256) throw damaged(file, name, 'its checksum is wrong');
      Object.assign(sections, { [name]: array });
      end = offset + bytes;
    }
    assertZeros(fd, file, 'end', end, fstatSync(fd).size);
    const loaded = sections as Sections;
    return {
      version,
      header,
      graph,
      ...analysisOf(loaded, header),
      content: contentOf(loaded, header, reserve),
    };
  });
}

/** An empty graph, with a reserve behind the part in use. */
function allocateGraph(counts: GraphCounts, reserve: Reserve | undefined): PinBoardGraph {
  const { pins, boards, users, slots } = reserve ?? { pins: 0, boards: 0, users: 0, slots: 0 };
  return {
    pinToBoard: createAdjacency(counts.pins + pins, counts.saves + slots),
    boardToPin: createAdjacency(counts.boards + boards, counts.saves + slots),
    boardToUser: sharedInt32Array(counts.boards + boards).fill(-1, counts.boards),
    userCount: counts.users + users,
    writes: reserve && liveCounters(counts.saves),
  };
}

function analysisOf(
  sections: Sections,
  { options, communityLevels }: SnapshotHeader,
): Pick<LoadedSnapshot, 'pageRank' | 'communities' | 'linear'> {
  const linear =
    options.linear &&
    (options.linear.boards === undefined
      ? {
          starts: sections['linear.starts']!,
          pins: sections['linear.pins']!,
          weights: sections['linear.weights']!,
        }
      : {
          rows: sections['linear.rows']!,
          kernel: sections['linear.kernel']!,
          factors: sections['linear.factors']!,
        });
  if (!options.analysis) return { pageRank: undefined, communities: undefined, linear };
  const communities = {
    levels: communityLevels,
    pins: sections['communities.pins'],
    boards: sections['communities.boards'],
  };
  return { pageRank: sections.pageRank, communities, linear };
}

/** The links by source are made here: half as much to read and to store. */
function contentOf(
  sections: Sections,
  { options, counts }: SnapshotHeader,
  reserve: Reserve | undefined,
): PinContent | undefined {
  if (!hasContent(options.content)) return undefined;
  const near = {
    starts: sections['content.nearStarts']!,
    pins: sections['content.nearPins']!,
    weights: sections['content.nearWeights']!,
  };
  return {
    words: {
      starts: sections['content.wordStarts']!,
      bytes: new Uint8Array(sections['content.words']!.buffer),
    },
    rows: {
      starts: sections['content.rowStarts']!,
      columns: sections['content.columns']!,
      values: sections['content.values']!,
      columnCount: options.content!.words,
    },
    near,
    links: linksBySource(near),
    ...(reserve && { live: createLiveLinks(counts.pins + reserve.pins) }),
  };
}
