import { fstatSync } from 'node:fs';
import {
  type LinearWeights,
  type PinBoardGraph,
  type Reserve,
  checkReserve,
  liveCounters,
} from '../../engine/index.ts';
import type { Communities } from '../analysis/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Database, GraphCounts } from '../database/index.ts';
import {
  type SectionArray,
  type SectionName,
  type Sections,
  type SnapshotHeader,
  bytesOf,
  sectionArray,
  sha256Of,
} from './format.ts';
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
    if (reserve !== undefined) checkReserve(reserve, header.counts.saves);
    const sections: Partial<Record<SectionName, SectionArray>> = {};
    let end = headerEnd;
    for (const { name, offset, bytes, sha256 } of header.sections) {
      assertZeros(fd, file, name, end, offset);
      const shared = new SharedArrayBuffer(
        bytes + (reserve === undefined ? 0 : reservedBytes(name, reserve)),
      );
      const array = sectionArray(name, shared);
      const stored = bytesOf(array).subarray(0, bytes);
      if (!readFully(fd, stored, offset)) throw damaged(file, name, 'the file ends within it');
      if (sha256Of(stored).toString('hex') !== sha256) throw damaged(file, name, 'its checksum is wrong');
      Object.assign(sections, { [name]: array });
      end = offset + bytes;
    }
    assertZeros(fd, file, 'end', end, fstatSync(fd).size);
    return { version, header, ...contentOf(sections as Sections, header, reserve) };
  });
}

function contentOf(
  sections: Sections,
  { counts, options, communityLevels }: SnapshotHeader,
  reserve: Reserve | undefined,
): Pick<LoadedSnapshot, 'graph' | 'pageRank' | 'communities' | 'linear'> {
  const graph = {
    pinToBoard: { slices: sections['pinToBoard.slices'], neighbors: sections['pinToBoard.neighbors'] },
    boardToPin: { slices: sections['boardToPin.slices'], neighbors: sections['boardToPin.neighbors'] },
    boardToUser: sections.boardToUser,
    userCount: counts.users + (reserve?.users ?? 0),
    writes: reserve && liveCounters(counts.saves),
  };
  graph.boardToUser.fill(-1, counts.boards);
  const linear = options.linear && {
    starts: sections['linear.starts']!,
    pins: sections['linear.pins']!,
    weights: sections['linear.weights']!,
  };
  if (!options.analysis) return { graph, pageRank: undefined, communities: undefined, linear };
  const communities = {
    levels: communityLevels,
    pins: sections['communities.pins'],
    boards: sections['communities.boards'],
  };
  return { graph, pageRank: sections.pageRank, communities, linear };
}

/** Bytes reserved after a section. The analysis is not extended. */
function reservedBytes(name: SectionName, { slots, pins, boards }: Reserve): number {
  if (name === 'pinToBoard.slices') return 8 * pins;
  if (name === 'boardToPin.slices') return 8 * boards;
  if (name === 'boardToUser') return 4 * boards;
  return name === 'pinToBoard.neighbors' || name === 'boardToPin.neighbors' ? 4 * slots : 0;
}
