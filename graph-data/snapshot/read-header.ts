import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { resolveParams } from '../../engine/base/index.ts';
import { type ContentBuildParams, contentBuildParams } from '../../engine/content/index.ts';
import { type LinearBuildParams, linearBuildParams } from '../../engine/linear/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Origin } from '../database/index.ts';
import { ioBytesMax } from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { activeVersion } from './active-pointer.ts';
import {
  type SnapshotHeader,
  fixedBytes,
  formatVersion,
  headerSchema,
  layOut,
  magic,
  originAt,
  originSumAt,
  sha256Of,
  versionOf,
} from './format.ts';
import { snapshotFile } from './snapshot-file.ts';

const headerBytesMax = 2 ** 16;

interface HeaderOfFile {
  readonly header: SnapshotHeader;
  readonly origin: Origin;
  /** Offset of the first byte after the header. */
  readonly headerEnd: number;
  /** The version according to the header's hash. */
  readonly headerVersion: string;
}

/** Position of the database from which a snapshot was built; undefined if its header cannot be read. O(1). */
export function positionOf(folder: DataFolder, version: string): number | undefined {
  return headerOf(folder, version)?.position;
}

/**
 * How a build computes item weights: as given; not at all for null; by default as in the active snapshot, so that
 * pipelines in use keep working. O(1).
 */
export function linearOfBuild(
  folder: DataFolder,
  given?: Partial<LinearBuildParams> | null,
): LinearBuildParams | undefined {
  if (given === null) return undefined;
  if (given !== undefined) return resolveParams(linearBuildParams, given);
  const version = activeVersion(folder);
  const linear = version === undefined ? undefined : headerOf(folder, version)?.options.linear;
  if (linear === undefined) return undefined;
  const { weights: _, boards: __, ...params } = linear;
  return params;
}

/** How a build compares texts, as {@link linearOfBuild} does for item weights. O(1). */
export function contentOfBuild(
  folder: DataFolder,
  given?: Partial<ContentBuildParams> | null,
): ContentBuildParams | undefined {
  if (given === null) return undefined;
  if (given !== undefined) return resolveParams(contentBuildParams, given);
  const version = activeVersion(folder);
  const content = version === undefined ? undefined : headerOf(folder, version)?.options.content;
  if (content === undefined) return undefined;
  const { words: _, wordBytes: __, entries: ___, links: ____, vectors: _____, ...params } = content;
  return params;
}

function headerOf(folder: DataFolder, version: string): SnapshotHeader | undefined {
  const file = snapshotFile(folder, version);
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    return readHeader(fd, file).header;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Reads and verifies the header, and the file size against it. Throws `snapshot-damaged`. */
export function readHeader(fd: number, file: string): HeaderOfFile {
  const start = Buffer.alloc(fixedBytes);
  if (!readFully(fd, start, 0) || !magic.every((byte, i) => start[i] === byte)) {
    throw damaged(file, 'magic', 'it is not a pinwalk snapshot');
  }
  const format = start.readUInt32LE(8);
  if (format !== formatVersion) {
    throw new DataError(
      'snapshot-damaged',
      `${file} is not served: it has format ${format}, this pinwalk reads ${formatVersion}: run pinwalk build to make one from ` +
        'the database',
    );
  }
  const length = start.readUInt32LE(12);
  const bytes = Buffer.alloc(Math.min(length, headerBytesMax));
  if (length > headerBytesMax || !readFully(fd, bytes, fixedBytes))
    throw damaged(file, 'header', 'it is truncated');
  const sha256 = sha256Of(bytes);
  if (!sha256.equals(start.subarray(16, originAt))) throw damaged(file, 'header', 'its checksum is wrong');
  const header = headerSchema.parse(JSON.parse(bytes.toString('utf8')));
  assertLayout(fd, file, header);
  const sum = sha256Of(start.subarray(0, originSumAt)).subarray(0, fixedBytes - originSumAt);
  if (!sum.equals(start.subarray(originSumAt))) throw damaged(file, 'origin', 'its checksum is wrong');
  const origin = {
    id: start.toString('hex', originAt, originAt + 16),
    mark: start.toString('hex', originAt + 16, originSumAt),
  };
  return { header, origin, headerEnd: fixedBytes + length, headerVersion: versionOf(sha256) };
}

/** Checks that the counts imply the sections' offsets and the size of the file. */
function assertLayout(fd: number, file: string, header: SnapshotHeader): void {
  const hashes = new Map(header.sections.map(({ name, sha256 }) => [name, sha256]));
  const expected = layOut(header.counts, header.options, header.position, (name) => hashes.get(name) ?? '');
  if (!isDeepStrictEqual(expected.header, header)) {
    throw damaged(file, 'header', 'its sections do not match its counts');
  }
  const size = fstatSync(fd).size;
  if (size !== expected.fileBytes) {
    throw damaged(file, 'file', `it has ${size} bytes instead of ${expected.fileBytes}`);
  }
}

/** Fills `bytes` from an offset of the file; returns false if the file ends before. */
export function readFully(fd: number, bytes: Uint8Array, from: number): boolean {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(fd, bytes, done, Math.min(bytes.length - done, ioBytesMax), from + done);
    if (read === 0) return false;
    done += read;
  }
  return true;
}

export function damaged(file: string, section: string, fault: string): DataError {
  return new DataError('snapshot-damaged', `${file} is damaged: section ${section}: ${fault}`);
}
