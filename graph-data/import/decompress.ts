import { Readable } from 'node:stream';
import type * as Xz from 'xz-decompress';

/** Decompressors whose packages are loaded on demand. Each throws if the bytes are damaged or truncated. */

/** Node's own zstd silently stops after the first frame, but files written in parallel have many. */
export async function* unzstd(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  let chunks: Buffer[] = [];
  const stream = new Decompress((chunk) => void chunks.push(Buffer.from(chunk)));
  for await (const chunk of compressed) {
    stream.push(chunk);
    yield* chunks;
    chunks = [];
  }
  stream.push(new Uint8Array(), true);
  yield* chunks;
}

export async function* unxz(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // CommonJS whose names Node does not find: its types have them as names, Node as fields of the default export.
  const { default: xz } = (await import('xz-decompress')) as unknown as { default: typeof Xz };
  const { XzReadableStream } = xz;
  const web = Readable.toWeb(Readable.from(compressed)) as ConstructorParameters<typeof XzReadableStream>[0];
  for await (const chunk of new XzReadableStream(web)) yield Buffer.from(chunk);
}

/** The stream decompresses as it is written to. It does not detect a truncated end. */
export async function* unbzip2(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = (await import('unbzip2-stream')).default();
  let chunks: Buffer[] = [];
  const faults: Error[] = [];
  stream
    .on('data', (chunk: Buffer) => void chunks.push(chunk))
    .on('error', (fault: Error) => void faults.push(fault));
  let tail = Buffer.alloc(0);
  for await (const chunk of compressed) {
    stream.write(chunk);
    tail = Buffer.concat([tail, chunk]).subarray(-bzip2EndBytes);
    yield* chunks;
    chunks = [];
  }
  stream.end();
  yield* chunks;
  if (faults[0] !== undefined) throw faults[0];
  if (!endsBzip2(tail)) throw new Error('unexpected end of file');
}

/** The end of a stream: a mark of 48 bits, a checksum of 32, and up to 7 bits of padding. */
const bzip2EndBytes = 11;
const bzip2End = 0x177245385090n;

function endsBzip2(tail: Buffer): boolean {
  const bits = BigInt(`0x${tail.toString('hex')}`);
  return [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].some(
    (fill) => BigInt.asUintN(48, bits >> (fill + 32n)) === bzip2End,
  );
}
