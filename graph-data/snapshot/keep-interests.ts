import type { PinBoardGraph } from '../../engine/index.ts';
import type { Communities } from '../communities.ts';
import type { DataFolder } from '../data-folder.ts';
import { type GraphCounts, openDatabaseReadOnly } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { type EarlierTree, buildTree, readTree, writeTree } from '../interests/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { activeVersion } from './active-pointer.ts';
import type { BuildOptions } from './build-options.ts';
import { listSnapshots } from './catalog.ts';
import { sha256Of } from './format.ts';
import { withSnapshot } from './open-snapshot.ts';
import { damaged, readFully } from './read-header.ts';
import { sectionArray } from './sections.ts';

/**
 * Writes the interest tree of a snapshot beside it. The ids continue those of the active snapshot, or else of the newest that has
 * a tree. A snapshot that has one already keeps it.
 */
export async function keepInterests(
  folder: DataFolder,
  version: string,
  { graph, counts }: { readonly graph: PinBoardGraph; readonly counts: GraphCounts },
  communities: Communities,
  { signal, onProgress }: BuildOptions,
): Promise<void> {
  if (intactTree(folder, version) !== undefined) return;
  onProgress?.({ doing: 'naming interests', done: counts.saves, total: counts.saves });
  await yieldToEventLoop(signal);
  const database = openDatabaseReadOnly(folder)!;
  try {
    const interests = buildTree(database, graph, communities, earlierTree(folder, version));
    if (interests.length > 0) writeTree(folder, version, interests);
  } finally {
    database.close();
  }
}

function earlierTree(folder: DataFolder, version: string): EarlierTree | undefined {
  const newestFirst = listSnapshots(folder).map((each) => each.version);
  for (const each of new Set([activeVersion(folder), ...newestFirst])) {
    const interests = each === undefined || each === version ? undefined : intactTree(folder, each);
    if (interests === undefined) continue;
    try {
      return { interests, ...readPinCommunities(folder, each!) };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return undefined;
}

/** A damaged tree is as good as none: the next one that is written takes its place. */
function intactTree(folder: DataFolder, version: string): EarlierTree['interests'] | undefined {
  try {
    return readTree(folder, version);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

/** The communities of pins alone: the rest of a snapshot may be a hundred times as large. Throws `snapshot-damaged`. */
function readPinCommunities(folder: DataFolder, version: string): Pick<EarlierTree, 'levels' | 'pins'> {
  return withSnapshot(folder, version, undefined, ({ fd, file, header }) => {
    const name = 'communities.pins';
    const { offset, bytes, sha256 } = header.sections.find((section) => section.name === name)!;
    const pins = sectionArray(name, new SharedArrayBuffer(bytes)) as Int32Array;
    const stored = new Uint8Array(pins.buffer);
    if (!readFully(fd, stored, offset)) throw damaged(file, name, 'the file ends within it');
    if (sha256Of(stored).toString('hex') !== sha256) throw damaged(file, name, 'its checksum is wrong');
    return { levels: header.communityLevels, pins };
  });
}
