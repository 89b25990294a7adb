import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../errors.ts';

/**
 * Detects commits that a damaged write-ahead log would lose. SQLite applies the log up to the first frame with a wrong
 * checksum and silently drops the rest, which after a power failure is an unfinished commit. Two facts distinguish damage
 * from an unfinished commit, at no cost for writes:
 *
 * - The index of the log (`-shm`) holds the number of the last committed frame. It survives the death of a process.
 * - Each commit is synced before the next one is written. So after the first unreadable frame, an unfinished commit leaves
 *   at most one frame that ends a commit of this log.
 *
 * Formats: https://sqlite.org/walformat.html
 */

const headerBytes = 32;
const frameHeaderBytes = 24;
/** Magic number of logs with checksums of little-endian words; others are not checked. */
const littleEndianMagic = 0x377f0682;
const magicMask = 0xfffffffe;
const framesPerRead = 256;
/** Number of frames to search for ends of commits after the first unreadable one. */
const framesSearched = 2 ** 16;
const attemptsMax = 5;

/** The index's record of the log. */
interface Note {
  readonly salts: string;
  /** The last committed frame, counted from 1. */
  readonly frames: number;
  /** Frames already copied to the database file (checkpointed). */
  readonly copied: number;
}

/** The readable part of the log. */
interface Log {
  /** The header's two random numbers, which change when the log restarts, as hexadecimal; undefined if damaged. */
  readonly salts: string | undefined;
  /** The last frame of the last readable commit, counted from 1. */
  readonly frames: number;
  /** Commits that end after the first unreadable frame. */
  readonly commitsAfter: number;
  /** Size of the readable commits. */
  readonly bytes: number;
}

/** Throws `data-folder-unusable` if acknowledged commits in the log of a database file cannot be read. O(log), 1 GB/s. */
export function assertLogIsWhole(database: string): void {
  let loss: string | undefined;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const note = readNote(`${database}-shm`);
    const log = readLog(`${database}-wal`);
    loss = lossOf(note, log, path.basename(database));
    // Otherwise another process has restarted the log meanwhile.
    if (loss === undefined || readLog(`${database}-wal`, 0).salts === log.salts) break;
  }
  if (loss !== undefined) throw new DataError('data-folder-unusable', `${database}-wal is damaged: ${loss}`);
}

function lossOf(note: Note | undefined, log: Log, name: string): string | undefined {
  const isNoted = note !== undefined && (log.salts === undefined || note.salts === log.salts);
  const missing = isNoted ? note.frames - log.frames : 0;
  if (isNoted ? missing <= 0 || (log.bytes === 0 && note.copied >= note.frames) : log.commitsAfter < 2) {
    return undefined;
  }
  if (isNoted && note.copied >= note.frames) {
    return `nothing is lost, as the database file has all of it: stop all pinwalk processes, then delete ${name}-wal and ${name}-shm`;
  }
  const commits = log.commitsAfter === 0 ? '' : `${log.commitsAfter} or more commits, `;
  const lost = `${commits}${isNoted ? `${missing} pages of ` : ''}acknowledged writes cannot be read`;
  if (isNoted && note.copied > log.frames) {
    return `${lost}, and the database file has parts of them: restore all of ${name}* from a backup`;
  }
  return (
    `${lost}: restore all of ${name}* from a backup; or, to go on without these writes, stop all pinwalk processes, then ` +
    `truncate -s ${log.bytes} ${name}-wal and delete ${name}-shm`
  );
}

/** undefined if the index is missing or damaged, as after a power failure. */
function readNote(file: string): Note | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file).subarray(0, 136);
  const [first, second] = [bytes.subarray(0, 48), bytes.subarray(48, 96)];
  if (bytes.length < 136 || !first.equals(second)) return undefined;
  const [sum0, sum1] = checksum(wordsOf(first), 0, 10, [0, 0]);
  if (sum0 !== first.readUInt32LE(40) || sum1 !== first.readUInt32LE(44)) return undefined;
  return {
    salts: first.toString('hex', 32, 40),
    frames: first.readUInt32LE(16),
    copied: bytes.readUInt32LE(96),
  };
}

/** Reads at most `framesMax` frames. */
function readLog(file: string, framesMax = Infinity): Log {
  const none = { frames: 0, commitsAfter: 0, bytes: 0 };
  if (!existsSync(file)) return { ...none, salts: undefined };
  const fd = openSync(file, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    if (fstatSync(fd).size < headerBytes || readSync(fd, header, 0, headerBytes, 0) < headerBytes) {
      return { ...none, salts: undefined };
    }
    const [sum0, sum1] = checksum(wordsOf(header), 0, 6, [0, 0]);
    const isSound =
      (header.readUInt32BE(0) & magicMask) === littleEndianMagic &&
      sum0 === header.readUInt32BE(24) &&
      sum1 === header.readUInt32BE(28);
    const salts = isSound ? header.toString('hex', 16, 24) : undefined;
    return { salts, ...(framesMax === 0 ? none : readFrames(fd, header, isSound)) };
  } finally {
    closeSync(fd);
  }
}

function readFrames(fd: number, header: Buffer, isSound: boolean): Omit<Log, 'salts'> {
  const pageBytes = isSound ? header.readUInt32BE(8) : 4_096;
  const frameBytes = frameHeaderBytes + pageBytes;
  const chunk = Buffer.alloc(framesPerRead * frameBytes);
  const words = wordsOf(chunk);
  let sums: readonly [number, number] = [header.readUInt32BE(24), header.readUInt32BE(28)];
  let salts = isSound ? header.subarray(16, 24) : undefined;
  let isReadable = isSound;
  let [frames, commitsAfter, frame, unreadable] = [0, 0, 0, 0];
  for (let read = chunk.length; read === chunk.length && unreadable < framesSearched;) {
    read = readSync(fd, chunk, 0, chunk.length, headerBytes + frame * frameBytes);
    for (let at = 0; at + frameBytes <= read; at += frameBytes) {
      frame++;
      salts ??= Buffer.from(chunk.subarray(at + 8, at + 16));
      const isOfThisLog = salts.equals(chunk.subarray(at + 8, at + 16));
      if (isReadable) {
        sums = checksum(words, at / 4, at / 4 + 2, sums);
        sums = checksum(words, (at + frameHeaderBytes) / 4, (at + frameBytes) / 4, sums);
        isReadable =
          isOfThisLog && sums[0] === chunk.readUInt32BE(at + 16) && sums[1] === chunk.readUInt32BE(at + 20);
      }
      const isEnd = chunk.readUInt32BE(at + 4) !== 0;
      if (isReadable && isEnd) frames = frame;
      if (!isReadable) {
        unreadable++;
        if (isEnd && isOfThisLog) commitsAfter++;
      }
    }
  }
  return { frames, commitsAfter, bytes: frames === 0 ? 0 : headerBytes + frames * frameBytes };
}

/** The bytes as words; copied if they are not aligned. */
function wordsOf(bytes: Buffer): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** SQLite's checksum of an even number of words. */
function checksum(
  words: Uint32Array,
  from: number,
  to: number,
  [sum0, sum1]: readonly [number, number],
): readonly [number, number] {
  let [s0, s1] = [sum0 | 0, sum1 | 0];
  for (let i = from; i < to; i += 2) {
    s0 = (s0 + words[i]! + s1) | 0;
    s1 = (s1 + words[i + 1]! + s0) | 0;
  }
  return [s0 >>> 0, s1 >>> 0];
}
