import { isDeepStrictEqual } from 'node:util';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  EngineError,
  type PinBoardGraph,
  type Reserve,
  checkReserve,
  sharedInt32Array,
} from '../../engine/index.ts';
import type { Communities } from '../analysis/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Database, GraphCounts } from '../database/index.ts';
import { ioBytesMax } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { snapshotFile } from './catalog.ts';
import {
  type SectionArray,
  type SectionName,
  type Sections,
  type SnapshotHeader,
  assertLittleEndian,
  bytesOf,
  fixedBytes,
  formatVersion,
  headerSchema,
  layOut,
  magic,
  sha256Of,
  versionOf,
} from './format.ts';
import { canBeOf } from './same-origin.ts';

/** A graph in memory and where it came from. */
export interface LoadedSnapshot {
  readonly version: string;
  readonly header: SnapshotHeader;
  readonly graph: PinBoardGraph;
  /** Global PageRank by pin; undefined when the build left the analysis out. */
  readonly pageRank: Float32Array<SharedArrayBuffer> | undefined;
  /** Communities of pins and boards; undefined when the build left the analysis out. */
  readonly communities: Communities | undefined;
}

const headerBytesMax = 2 ** 16;

export interface LoadOptions {
  /**
   * Room for a `LiveGraph` to write to, as `withReserve` gives it, by what the snapshot has: `header.counts` are then
   * what is in use. Default: none, and nobody writes to the graph.
   */
  readonly reserve?: ((counts: GraphCounts) => Reserve) | undefined;
  /** The database that answers name things by: a snapshot of another one is refused. Default: not looked at. */
  readonly database?: Database | undefined;
}

/**
 * Loads a snapshot into shared memory. Every byte of the file is checked: the header and each section
 * against its hash, the gaps for zeros, the size, the name. Throws `snapshot-damaged` with the name of the
 * section at fault or when it is of another database, `snapshot-unknown` when there is no such file; `invalid-parameter` for a reserve that cannot be.
 * O(bytes), 0.7 to 1 GB/s.
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
    const { header, headerEnd, headerVersion } = readHeader(fd, file);
    if (headerVersion !== version) throw damaged(file, 'header', `it is of version ${headerVersion}`);
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
      if (!readFully(fd, stored, offset)) throw damaged(file, name, 'the file ends in it');
      if (sha256Of(stored).toString('hex') !== sha256) throw damaged(file, name, 'its checksum is wrong');
      sections[name] = array;
      end = offset + bytes;
    }
    assertZeros(fd, file, 'end', end, fstatSync(fd).size);
    const loaded = { version, header, ...contentOf(sections as Sections, header, reserve) };
    if (options.database !== undefined && !canBeOf(options.database, loaded.graph, header.counts)) {
      throw new DataError('snapshot-damaged', `${file} was built from another database than this folder has`);
    }
    return loaded;
  } catch (error) {
    throw error instanceof DataError || error instanceof EngineError
      ? error
      : damaged(file, 'file', messageOf(error));
  } finally {
    closeSync(fd);
  }
}

/** How far the database had come that a snapshot was built from; undefined when its header cannot be read. O(1). */
export function positionOf(folder: DataFolder, version: string): number | undefined {
  const file = snapshotFile(folder, version);
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    return readHeader(fd, file).header.position;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readHeader(
  fd: number,
  file: string,
): { header: SnapshotHeader; headerEnd: number; headerVersion: string } {
  const start = Buffer.alloc(fixedBytes);
  if (!readFully(fd, start, 0) || !magic.every((byte, i) => start[i] === byte)) {
    throw damaged(file, 'magic', 'it is no pinwalk snapshot');
  }
  const format = start.readUInt32LE(8);
  if (format !== formatVersion) {
    const remedy = format < formatVersion ? ': run pinwalk build to make it anew from the database' : '';
    throw damaged(file, 'format', `it has format ${format}, this pinwalk reads ${formatVersion}${remedy}`);
  }
  const length = start.readUInt32LE(12);
  const bytes = Buffer.alloc(Math.min(length, headerBytesMax));
  if (length > headerBytesMax || !readFully(fd, bytes, fixedBytes))
    throw damaged(file, 'header', 'it is cut off');
  const sha256 = sha256Of(bytes);
  if (!sha256.equals(start.subarray(16))) throw damaged(file, 'header', 'its checksum is wrong');
  const header = headerSchema.parse(JSON.parse(bytes.toString('utf8')));
  assertLayout(fd, file, header);
  return {
    header,
    headerEnd: fixedBytes + length,
    headerVersion: versionOf(sha256),
  };
}

/** Refuses sections that do not lie where the counts put them, and a file that is cut or goes on after them. */
function assertLayout(fd: number, file: string, header: SnapshotHeader): void {
  const hashes = Object.fromEntries(header.sections.map(({ name, sha256 }) => [name, sha256]));
  const expected = layOut(
    header.counts,
    header.options,
    header.position,
    hashes as Record<SectionName, string>,
  );
  if (!isDeepStrictEqual(expected.header, header)) {
    throw damaged(file, 'header', 'its sections do not fit its counts');
  }
  const size = fstatSync(fd).size;
  if (size !== expected.fileBytes) {
    throw damaged(file, 'file', `it has ${size} bytes instead of ${expected.fileBytes}`);
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

/** What comes after the section in memory. The analysis ends where the snapshot does. */
function reservedBytes(name: SectionName, { slots, pins, boards }: Reserve): number {
  if (name === 'pinToBoard.slices') return 8 * pins;
  if (name === 'boardToPin.slices') return 8 * boards;
  if (name === 'boardToUser') return 4 * boards;
  return name === 'pinToBoard.neighbors' || name === 'boardToPin.neighbors' ? 4 * slots : 0;
}

/** The gaps between sections are part of the file: they hold zeros and nothing else. */
function assertZeros(fd: number, file: string, before: string, from: number, to: number): void {
  const gap = Buffer.alloc(to - from);
  if (!readFully(fd, gap, from) || gap.some((byte) => byte !== 0)) {
    throw damaged(file, before, 'the gap before it is not empty');
  }
}

function readFully(fd: number, bytes: Uint8Array, from: number): boolean {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(fd, bytes, done, Math.min(bytes.length - done, ioBytesMax), from + done);
    if (read === 0) return false;
    done += read;
  }
  return true;
}

function damaged(file: string, section: string, fault: string): DataError {
  return new DataError('snapshot-damaged', `${file} is damaged: section ${section}: ${fault}`);
}
