import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError, messageOf, stoppedError } from '../errors.ts';

const chunkBytes = 2 ** 20;

/**
 * The bytes of a text file, decompressed if it is gzip. `onBytes` is called with the number of bytes of each read from
 * disk. Throws `import-file-unreadable`, also for UTF-16, and `stopped`.
 */
export async function* readBytes(
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let isFirst = true;
  try {
    const gzipped = isGzip(file);
    const disk = createReadStream(file, {
      highWaterMark: chunkBytes,
      ...(signal === undefined ? {} : { signal }),
    });
    disk.on('data', (chunk) => onBytes(chunk.length));
    disk.pause();
    // pipeline() carries an error of either stream to the loop that reads the last one.
    const stream = gzipped ? pipeline(disk, createGunzip({ chunkSize: chunkBytes }), () => {}) : disk;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (isFirst && isUtf16(chunk)) {
        throw new Error('it is UTF-16; convert it to UTF-8 first: iconv -f UTF-16 -t UTF-8');
      }
      isFirst = false;
      yield chunk;
    }
  } catch (cause) {
    if (signal?.aborted === true) throw stoppedError(cause);
    throw new DataError('import-file-unreadable', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
}

/** Whether the text starts with a UTF-16 byte order mark. */
function isUtf16(start: Buffer): boolean {
  return start.length >= 2 && [0xfffe, 0xfeff].includes(start.readUInt16BE(0));
}

/** Checks the first two bytes, or the name of a pipe, whose bytes cannot be read twice. */
function isGzip(file: string): boolean {
  if (!statSync(file).isFile()) return /\.gz$/i.test(file);
  const fd = openSync(file, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(fd, start);
    return start.readUInt16BE(0) === 0x1f8b;
  } finally {
    closeSync(fd);
  }
}
