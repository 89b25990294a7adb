import { hash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';

/** The id of an interest: eight letters and digits. */
export const interestIdPattern: RegExp = /^[a-z2-7]{8}$/;

const count = z.int().nonnegative();

const storedInterest = z.strictObject({
  id: z.string().regex(interestIdPattern),
  /** The id of the interest above; null for a root. */
  parent: z.string().nullable(),
  name: z.string(),
  /** Words that set it apart, best first. */
  words: z.array(z.string()),
  level: count,
  community: count,
  pins: count,
  boards: count,
  saves: count,
  /** Indexes of the most saved pins, best first. */
  topPins: z.array(count),
});

/** An interest as a build found it: parents before children. */
export type BuiltInterest = Readonly<z.output<typeof storedInterest>>;

const schema = z.strictObject({ interests: z.array(storedInterest), sha256: z.string() });

/** The file of a snapshot's interest tree, beside the snapshot. Its ids come from the tree before, so it is no part of it. */
export function treeFile(folder: Pick<DataFolder, 'snapshots'>, version: string): string {
  return path.join(folder.snapshots, `${version}.interests.json`);
}

/** Writes the tree of a snapshot, durably. */
export function writeTree(folder: DataFolder, version: string, interests: readonly BuiltInterest[]): void {
  const text = JSON.stringify({ interests, sha256: sumOf(interests) });
  writeFileDurably(treeFile(folder, version), (fd) => writeFully(fd, Buffer.from(`${text}\n`)));
}

/**
 * The interests of a snapshot; undefined if it has none: it was built without analysis, or by an earlier version. Throws
 * `interests-unusable`, with the remedy, for a damaged file.
 */
export function readTree(folder: DataFolder, version: string): readonly BuiltInterest[] | undefined {
  const file = treeFile(folder, version);
  if (!existsSync(file)) return undefined;
  let fault = 'its checksum is wrong';
  try {
    const { interests, sha256 } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (sha256 === sumOf(interests)) return interests;
  } catch (error) {
    fault = error instanceof z.ZodError ? 'it has another form' : messageOf(error);
  }
  throw new DataError(
    'interests-unusable',
    `${file} is damaged: ${fault}; delete it, and pinwalk build makes the interests again, with new ids if no other snapshot has them`,
  );
}

export function deleteTree(folder: DataFolder, version: string): void {
  rmSync(treeFile(folder, version), { force: true });
}

function sumOf(interests: readonly BuiltInterest[]): string {
  return hash('sha256', JSON.stringify(interests), 'hex');
}
