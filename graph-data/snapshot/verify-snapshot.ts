import { createHash } from 'node:crypto';
import { fstatSync } from 'node:fs';
import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import type { SnapshotHeader } from './format.ts';
import { assertZeros, withSnapshot } from './open-snapshot.ts';
import { damaged, readFully } from './read-header.ts';

const chunkBytes = 2 ** 22;

/**
 * Verifies every byte of a snapshot as loading it does, but holds only 4 MB of it in memory, and returns its header. `database`:
 * the folder's, if it is open. Throws `snapshot-damaged` and `snapshot-unknown`. O(bytes).
 */
export function verifySnapshot(folder: DataFolder, version: string, database?: Database): SnapshotHeader {
  return withSnapshot(folder, version, database, ({ fd, file, header, headerEnd }) => {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let end = headerEnd;
    for (const { name, offset, bytes, sha256 } of header.sections) {
      assertZeros(fd, file, name, end, offset);
      end = offset + bytes;
      const hash = createHash('sha256');
      for (let at = offset; at < end; at += chunkBytes) {
        const part = chunk.subarray(0, Math.min(chunkBytes, end - at));
        if (!readFully(fd, part, at)) throw damaged(file, name, 'the file ends within it');
        hash.update(part);
      }
      if (hash.digest('hex') !== sha256) throw damaged(file, name, 'its checksum is wrong');
    }
    assertZeros(fd, file, 'end', end, fstatSync(fd).size);
    return header;
  });
}
