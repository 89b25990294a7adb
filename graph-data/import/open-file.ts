import { createReadStream, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '../errors.ts';
import { unbzip2, unxz, unzstd } from './decompress.ts';
import { isPostgresAddress, shownAddress } from './postgres-address.ts';

/** Standard input, as a file name. */
export const standardInput = '-';

const chunkBytes = 2 ** 20;

/** Decompressors by the first bytes of a file. Rarely used packages are loaded on demand. */
const decompressors: readonly (readonly [
  magic: string,
  (compressed: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
])[] = [
  ['1f8b', (compressed) => piped(compressed, createGunzip({ chunkSize: chunkBytes }))],
  ['28b52ffd', unzstd],
  ['425a68', unbzip2],
  ['fd377a585a00', unxz],
];

/**
 * The bytes of a file, decompressed: gzip, zstd, bzip2 or xz by the first bytes; `a.zip` with one file in it, or
 * `a.zip/b.csv`. `onBytes` is called with the number of bytes of each read from disk.
 */
export async function* openFile(
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const { archive, entry } = zipPath(file);
  if (archive !== undefined) {
    yield* counted(await openZipEntry(archive, entry), onBytes, signal);
    return;
  }
  const disk =
    file === standardInput
      ? process.stdin
      : createReadStream(file, { highWaterMark: chunkBytes, ...(signal && { signal }) });
  const chunks = counted(disk, onBytes, signal);
  const { value: first } = await chunks.next();
  if (first === undefined) return;
  const found = decompressors.find(([magic]) => first.toString('hex', 0, magic.length / 2) === magic);
  if (found === undefined) {
    yield first;
    yield* chunks;
  } else {
    // The first chunk of a pipe can be read only once.
    const all = (async function* () {
      yield first;
      yield* chunks;
    })();
    yield* found[1](all);
  }
}

/** A file of a zip archive, by default its only one. The reader of archives is loaded with the first one. */
export async function openZipEntry(archive: string, entry: string | undefined): Promise<Readable> {
  const { readZipEntry } = await import('./read-zip.ts');
  return readZipEntry(archive, entry);
}

async function* counted(
  chunks: AsyncIterable<unknown>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    onBytes((chunk as Buffer).length);
    yield chunk as Buffer;
  }
}

/** pipeline() passes an error of either stream to the loop that reads the last one. */
function piped(from: AsyncIterable<Buffer>, to: NodeJS.ReadWriteStream): Readable {
  return pipeline(from, to, () => {}) as unknown as Readable;
}

/** The archive and the path in it, if the file is in a zip archive or is one. */
function zipPath(file: string): { archive?: string; entry?: string } {
  const [, archive, entry] = /^(.*\.zip)(?:[/\\](.+))?$/i.exec(file) ?? [];
  if (archive === undefined || !isFile(archive)) return {};
  return entry === undefined ? { archive } : { archive, entry };
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether there is such a file, folder, or archive that the path goes into. */
export function fileExists(file: string): boolean {
  return (
    file === standardInput || statSync(zipPath(file).archive ?? file, { throwIfNoEntry: false }) !== undefined
  );
}

/** Throws `import-file-unreadable` if there is nothing to read. A folder must contain Parquet files. */
export function assertFile(file: string): void {
  if (fileExists(file)) return;
  if (isPostgresAddress(file)) {
    const remedy = 'a database is read by pinwalk import, with --query';
    throw new DataError('import-file-unreadable', `cannot read ${shownAddress(file)}: ${remedy}`);
  }
  throw new DataError('import-file-unreadable', `cannot read ${file}: there is no such file`);
}

/** Bytes to read from disk; 0 if unknown, as for standard input and a file of an archive. */
export function sizeOf(file: string): number {
  if (file === standardInput || zipPath(file).archive !== undefined) return 0;
  const stats = statSync(file);
  return stats.isDirectory()
    ? parquetParts(file).reduce((sum, part) => sum + statSync(part).size, 0)
    : stats.size;
}

/** The Parquet files in a folder and its subfolders, in order of their paths. */
export function parquetParts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.parquet$/i.test(name) && !path.basename(name).startsWith('.'))
    .toSorted()
    .map((name) => path.join(folder, name));
}
