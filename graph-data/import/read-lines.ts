import { type TextOptions, readBytes } from './read-bytes.ts';

/** One line of a text file, without its line end. A line with a fault has the readable part of its text. */
export interface Line {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  /** The line end that followed. */
  readonly end: '\n' | '\r\n';
  readonly fault?: string;
}

/** Maximum length of a line in UTF-16 units. Bounds memory if a file has no line ends. */
const lineLengthMax = 2 ** 20;
/** The fault of a line that is too long, so that its text may be truncated. */
export const tooLong: string = `the line is longer than ${lineLengthMax} characters`;
const notUtf8 = 'the line is not valid UTF-8 (--encoding latin1 reads other encodings)';
const newline = 0x0a;

/**
 * The lines of a text file, in batches of up to some thousand. Skips empty lines, but counts them. A line that is too
 * long or not valid UTF-8 has a fault. Throws `import-file-unreadable` and `stopped`.
 */
export async function* readLines(file: string, options: TextOptions): AsyncGenerator<Line[]> {
  yield* linesOf(readBytes(file, options));
}

/** {@link readLines} for bytes of any source, whose errors are rethrown unchanged. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  for await (const block of blocksOf(chunks)) yield linesIn(block);
}

/** Whole lines of a text file, not yet decoded. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  /** The number of its first line, counted from 1. */
  readonly line: number;
  /** How many lines it has, empty ones included. */
  readonly lines: number;
  /** Of a single line, whose bytes are incomplete. */
  readonly fault?: string;
}

/** The lines of bytes of any source, in blocks of at most this many: to be decoded elsewhere, by {@link linesIn}. */
export async function* blocksOf(
  chunks: AsyncIterable<Buffer>,
  linesMax: number = Infinity,
): AsyncGenerator<LineBlock> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let skipping = false;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      // The chunk contains no line end: it continues the unfinished line, or the skipped rest of a long one.
      if (!skipping) rest = Buffer.concat([rest, chunk]);
    } else {
      let bytes = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)]);
      if (skipping) {
        const skipped = bytes.indexOf(newline) + 1;
        bytes = bytes.subarray(skipped);
        line++;
        skipping = false;
      }
      for (const block of cut(bytes, line, linesMax)) {
        line += block.lines;
        yield block;
      }
      rest = Buffer.from(chunk.subarray(end));
    }
    if (rest.length > 3 * lineLengthMax) {
      // UTF-8 needs at most three bytes per UTF-16 unit, so this line is too long wherever it ends.
      yield { line, lines: 1, bytes: rest.subarray(0, 200), fault: tooLong };
      rest = Buffer.alloc(0);
      skipping = true;
    }
  }
  if (rest.length > 0) yield { line, lines: 1, bytes: rest };
}

/** Blocks of at most so many lines. The last byte is a line end. */
function* cut(bytes: Buffer, firstLine: number, linesMax: number): Generator<LineBlock> {
  let [start, line, lines] = [0, firstLine, 0];
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) {
    lines++;
    if (lines < linesMax && at + 1 < bytes.length) continue;
    yield { line, lines, bytes: bytes.subarray(start, at + 1) };
    [start, line, lines] = [at + 1, line + lines, 0];
  }
}

/** The lines of a block. Skips empty ones. */
export function linesIn({ bytes, line, fault }: LineBlock): Line[] {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (fault !== undefined) return [{ line, text: block.toString('utf8'), end: '\n', fault }];
  return splitLines(block, line);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function splitLines(block: Buffer, firstLine: number): Line[] {
  const lines: Line[] = [];
  let line = firstLine;
  let text: string | undefined;
  try {
    text = decoder.decode(block);
  } catch {
    text = undefined; // Some line is not UTF-8: decode each line separately.
  }
  if (text === undefined) {
    for (let start = 0; start < block.length; line++) {
      const newlineAt = block.indexOf(newline, start);
      const end = newlineAt < 0 ? block.length : newlineAt;
      const bytes = block.subarray(start, end);
      try {
        pushLine(lines, line, decoder.decode(bytes));
      } catch {
        lines.push({ line, text: bytes.toString('utf8'), end: '\n', fault: notUtf8 });
      }
      start = end + 1;
    }
    return lines;
  }
  let start = 0;
  for (; start < text.length; line++) {
    const newlineAt = text.indexOf('\n', start);
    const end = newlineAt < 0 ? text.length : newlineAt;
    pushLine(lines, line, text.slice(start, end));
    start = end + 1;
  }
  return lines;
}

function pushLine(lines: Line[], line: number, raw: string): void {
  const end = raw.endsWith('\r') ? '\r\n' : '\n';
  let text = end === '\n' ? raw : raw.slice(0, -1);
  if (line === 1 && text.startsWith('\uFEFF')) text = text.slice(1); // byte order mark
  if (text.length > lineLengthMax) lines.push({ line, text, end, fault: tooLong });
  else if (text !== '') lines.push({ line, text, end });
}
