import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError, messageOf } from '../errors.ts';

/** One line of a text file, without its line end. A line with a fault has as much of its text as is readable. */
export interface Line {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** The line end that followed. */
  readonly end: '\n' | '\r\n';
  readonly fault?: string;
}

const chunkBytes = 2 ** 20;
/** Longest line, in UTF-16 units: what keeps memory bounded when a file has no line ends. */
const lineLengthMax = 2 ** 20;
const tooLong = `the line is longer than ${lineLengthMax} characters`;
const newline = 0x0a;

/**
 * The lines of a UTF-8 text file, plain or gzip (told apart by the first bytes), some thousand at a time.
 * Empty lines are left out, but counted. A line that is not UTF-8 or too long comes with its fault.
 * `onBytes` hears of the bytes read from disk. With `encoding` latin1, every byte is a character. Throws `import-file-unreadable`.
 */
export async function* readLines(
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
  encoding: 'utf-8' | 'latin1' = 'utf-8',
): AsyncGenerator<Line[]> {
  yield* linesOf(readBytes(file, onBytes, signal), encoding);
}

/** As {@link readLines}, of bytes from anywhere. Errors of the source come through as they are. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  encoding: 'utf-8' | 'latin1' = 'utf-8',
): AsyncGenerator<Line[]> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let skipping = false;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      // No line ends in this chunk: it belongs to the unfinished one, or to what is skipped of it.
      if (!skipping) rest = Buffer.concat([rest, chunk]);
    } else {
      let block = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)]);
      if (skipping) {
        const skipped = block.indexOf(newline) + 1;
        block = block.subarray(skipped);
        line++;
        skipping = false;
      }
      const lines = splitLines(block, line, decoders[encoding]);
      line = lines.next;
      yield lines.lines;
      rest = Buffer.from(chunk.subarray(end));
    }
    if (rest.length > 3 * lineLengthMax) {
      // No character takes more than three bytes a UTF-16 unit: this line is too long wherever it ends.
      yield [{ line, text: rest.toString('utf8', 0, 200), end: '\n', fault: tooLong }];
      rest = Buffer.alloc(0);
      skipping = true;
    }
  }
  if (rest.length > 0) yield splitLines(rest, line, decoders[encoding]).lines;
}

async function* readBytes(
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
    if (signal?.aborted === true) throw new DataError('stopped', 'stopped; nothing was kept', { cause });
    throw new DataError('import-file-unreadable', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
}

/** Whether the text starts with a byte order mark of UTF-16. */
function isUtf16(start: Buffer): boolean {
  return start.length >= 2 && [0xfffe, 0xfeff].includes(start.readUInt16BE(0));
}

/** By the first two bytes, whatever the name says; by the name where bytes cannot be read twice (a pipe). */
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

const decoders = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  // Windows-1252, as the web has it: no byte is refused.
  latin1: new TextDecoder('latin1'),
};

function splitLines(
  block: Buffer,
  firstLine: number,
  decoder: (typeof decoders)['utf-8'],
): { lines: Line[]; next: number } {
  const lines: Line[] = [];
  let line = firstLine;
  let text: string | undefined;
  try {
    text = decoder.decode(block);
  } catch {
    text = undefined; // Some line is not UTF-8: below, each is decoded by itself.
  }
  if (text === undefined) {
    for (let start = 0; start < block.length; line++) {
      const newlineAt = block.indexOf(newline, start);
      const end = newlineAt < 0 ? block.length : newlineAt;
      const bytes = block.subarray(start, end);
      try {
        pushLine(lines, line, decoder.decode(bytes));
      } catch {
        lines.push({ line, text: bytes.toString('utf8'), end: '\n', fault: 'the line is not valid UTF-8' });
      }
      start = end + 1;
    }
    return { lines, next: line };
  }
  let start = 0;
  for (; start < text.length; line++) {
    const newlineAt = text.indexOf('\n', start);
    const end = newlineAt < 0 ? text.length : newlineAt;
    pushLine(lines, line, text.slice(start, end));
    start = end + 1;
  }
  return { lines, next: line };
}

function pushLine(lines: Line[], line: number, raw: string): void {
  const end = raw.endsWith('\r') ? '\r\n' : '\n';
  let text = end === '\n' ? raw : raw.slice(0, -1);
  if (line === 1 && text.startsWith('\uFEFF')) text = text.slice(1); // byte order mark
  if (text.length > lineLengthMax) lines.push({ line, text, end, fault: tooLong });
  else if (text !== '') lines.push({ line, text, end });
}
