import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { versionPattern } from './format.ts';

export const extension = '.snapshot';

/** The file of a version. Throws `snapshot-unknown` if the text is not formatted as a version. */
export function snapshotFile(folder: DataFolder, version: string): string {
  if (!versionPattern.test(version)) {
    throw new DataError(
      'snapshot-unknown',
      `"${version}" is not a snapshot version, which has 16 hexadecimal digits`,
    );
  }
  return path.join(folder.snapshots, version + extension);
}
