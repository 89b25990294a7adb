import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import {
  EngineError,
  type PinBoardGraph,
  type Reserve,
  checkReserve,
  sharedInt32Array,
} from '../../engine/index.ts';
import type { Communities } from '../analysis/index.ts';
import type { DataFolder } from '../data-folder.ts';
import {
  type Database,
  type GraphCounts,
  asDataError,
  foreignTo,
  openDatabaseReadOnly,
} from '../database/index.ts';
import { DataError, messageOf } from '../errors.ts';
import {
  type SectionArray,
  type SectionName,
  type Sections,
  type SnapshotHeader,
  assertLittleEndian,
  bytesOf,
  sha256Of,
} from './format.ts';
import { damaged, readFully, readHeader } from './read-header.ts';
import { snapshotFile } from './snapshot-file.ts';

/** A snapshot in memory. */
export interface LoadedSnapshot {
  readonly version: string;
  readonly header: SnapshotHeader;
  readonly graph: PinBoardGraph;
  /** Global PageRank by pin; undefined if the snapshot was built without analysis. */
  readonly pageRank: Float32Array<SharedArrayBuffer> | undefined;
  /** Communities of pins and boards; undefined if the snapshot was built without analysis. */
  readonly communities: Communities | undefined;
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
  assertLittleEndian();
  const file = snapshotFile(folder, version);
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new DataError('snapshot-unknown', `there is no snapshot ${version} in ${folder.snapshots}`, {
        cause,
      });
    }
    throw damaged(file, 'file', messageOf(cause));
  }
  try {
    const { header, origin, headerEnd, headerVersion } = readHeader(fd, file);
    if (headerVersion !== version) throw damaged(file, 'header', `it has version ${headerVersion}`);
    withDatabase(folder, options.database, (database) => {
      const foreign = database && foreignTo(database, origin, header.position);
      if (foreign === undefined) return;
      throw new DataError(
        'snapshot-damaged',
        `${file} is not served: ${foreign}; pinwalk build makes a new one`,
      );
    });
    const reserve = options.reserve?.(header.counts);
    if (reserve !== undefined) checkReserve(reserve, header.counts.saves);
    const sections: Partial<Record<SectionName, SectionArray>> = {};
    let end = headerEnd;
    for (const { name, offset, bytes, sha256 } of header.sections) {
      assertZeros(fd, file, name, end, offset);
      const shared = new SharedArrayBuffer(
        bytes + (reserve === undefined ? 0 : reservedBytes(name, reserve)),
      );
      const array = name === 'pageRank' ? new Float32Array(shared) : new Int32Array(shared);
      const stored = bytesOf(array).subarray(0, bytes);
      if (!readFully(fd, stored, offset)) throw damaged(file, name, 'the file ends within it');
      if (sha256Of(stored).toString('hex') !== sha256) throw damaged(file, name, 'its checksum is wrong');
      sections[name] = array;
      end = offset + bytes;
    }
    assertZeros(fd, file, 'end', end, fstatSync(fd).size);
    return { version, header, ...contentOf(sections as Sections, header, reserve) };
  } catch (thrown) {
    const error = asDataError(folder, thrown);
    throw error instanceof DataError || error instanceof EngineError
      ? error
      : damaged(file, 'file', messageOf(error));
  } finally {
    closeSync(fd);
  }
}

/** Calls `work` with the folder's database, opened if necessary; with undefined if the folder has none. */
function withDatabase(
  folder: DataFolder,
  open: Database | undefined,
  work: (database: Database | undefined) => void,
): void {
  if (open !== undefined || !existsSync(folder.database)) {
    work(open);
    return;
  }
  const own = openDatabaseReadOnly(folder);
  try {
    work(own);
  } finally {
    own?.close();
  }
}

function contentOf(
  sections: Sections,
  { counts, options, communityLevels }: SnapshotHeader,
  reserve: Reserve | undefined,
): Pick<LoadedSnapshot, 'graph' | 'pageRank' | 'communities'> {
  const graph = {
    pinToBoard: { slices: sections['pinToBoard.slices'], neighbors: sections['pinToBoard.neighbors'] },
    boardToPin: { slices: sections['boardToPin.slices'], neighbors: sections['boardToPin.neighbors'] },
    boardToUser: sections.boardToUser,
    userCount: counts.users + (reserve?.users ?? 0),
    writes: reserve && sharedInt32Array(1),
  };
  graph.boardToUser.fill(-1, counts.boards);
  if (!options.analysis) return { graph, pageRank: undefined, communities: undefined };
  const communities = {
    levels: communityLevels,
    pins: sections['communities.pins'],
    boards: sections['communities.boards'],
  };
  return { graph, pageRank: sections.pageRank, communities };
}

/** Bytes reserved after a section. The analysis is not extended. */
function reservedBytes(name: SectionName, { slots, pins, boards }: Reserve): number {
  if (name === 'pinToBoard.slices') return 8 * pins;
  if (name === 'boardToPin.slices') return 8 * boards;
  if (name === 'boardToUser') return 4 * boards;
  return name === 'pinToBoard.neighbors' || name === 'boardToPin.neighbors' ? 4 * slots : 0;
}

/** Checks that a gap contains only zeros, since no hash covers it. */
function assertZeros(fd: number, file: string, before: string, from: number, to: number): void {
  const gap = Buffer.alloc(to - from);
  if (!readFully(fd, gap, from) || gap.some((byte) => byte !== 0)) {
    throw damaged(file, before, 'the gap before it is not empty');
  }
}
