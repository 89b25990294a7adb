import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Extract, type Pack, extract, pack } from 'tar-stream';
import { privateMode } from '../durable-files.ts';
import { DataError } from '../errors.ts';

/**
 * The container of a backup: a tar archive, followed by the SHA-256 of all its bytes. Tar programs ignore what follows the end
 * of an archive; here, it covers the headers and gaps too, which tar protects weakly or not at all.
 */
const sealBytes = 32;

/** A file to pack: from memory, or from disk. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: number;
  readonly content: Buffer | string;
}

/** The bytes of a container with these files, in order. `onBytes` is called with the number of bytes of each chunk. */
export async function* packFiles(
  files: readonly PackedFile[],
  mtime: Date,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const archive = pack();
  addAll(archive, files, mtime).catch((error: Error) => archive.destroy(error));
  const hash = createHash('sha256');
  for await (const chunk of archive as AsyncIterable<Buffer>) {
    hash.update(chunk);
    onBytes(chunk.length);
    yield chunk;
  }
  yield hash.digest();
}

async function addAll(archive: Pack, files: readonly PackedFile[], mtime: Date): Promise<void> {
  for (const { name, bytes, content } of files) {
    const entry = archive.entry({ name, size: bytes, mode: privateMode, mtime });
    const from = typeof content === 'string' ? createReadStream(content) : Readable.from([content]);
    await pipeline(from, entry as unknown as Writable);
  }
  archive.finalize();
}

/** The files of a container. Each has to be read to its end. Throws an error after the last one if any byte was changed. */
export function unpackFiles(bytes: AsyncIterable<Buffer>): Extract {
  const entries = extract();
  pipeline(unsealed(bytes), entries as unknown as Writable).catch((error: Error) => entries.destroy(error));
  return entries;
}

/** Passes on all bytes before the seal, and compares it. */
async function* unsealed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = Math.max(all.length - sealBytes, 0);
    rest = all.subarray(end);
    const passed = all.subarray(0, end);
    hash.update(passed);
    yield passed;
  }
  if (!hash.digest().equals(rest)) throw new Error('its last bytes are not the checksum of the others');
}

export function backupUnusable(file: string, fault: string, cause?: unknown): DataError {
  return new DataError('backup-unusable', `cannot restore ${file}: ${fault}. Nothing was restored`, {
    cause,
  });
}
