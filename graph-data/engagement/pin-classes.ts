import { degreeOf, nodeCount } from '../../engine/graph/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { openDatabaseReadOnly } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { type LoadedSnapshot, communityTopics, loadActiveSnapshot } from '../snapshot/index.ts';
import { rankMax } from './names.ts';

/** The classes by which a report may count pins. */
type PinGroup = 'community' | 'popularity';

/** Divides pins into at most {@link rankMax} + 1 classes, numbered from 1. */
interface PinClasses {
  /** Of the snapshot that the classes come from. */
  readonly version: string;
  /** 0: the pin is not in the graph. */
  readonly classOf: (pin: string) => number;
  readonly nameOf: (number: number) => string;
  readonly close: () => void;
}

/**
 * Classes of pins in the active snapshot. `popularity`: tenths of the pins by their saves, 10 for the most saved; pins with
 * equally many share the lowest of their tenths. `community`: the {@link rankMax} largest of the coarsest communities, each
 * named by its most saved pin, and one class of the others. Throws `no-active-snapshot`, and `no-topics` for a snapshot
 * without communities. O(pins).
 */
export function pinClasses(folder: DataFolder, by: PinGroup): PinClasses {
  const database = openDatabaseReadOnly(folder);
  if (database === undefined) throw new DataError('no-active-snapshot', `${folder.root} has no database`);
  try {
    const snapshot = loadActiveSnapshot(folder, () => {}, { database });
    const { pinToBoard } = snapshot.graph;
    const saves = Int32Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => degreeOf(pinToBoard, pin));
    const keyOf = database.prepare<[number], string>('SELECT key FROM pins WHERE id = ?').pluck();
    const idOf = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
    const { classes, nameOf } =
      by === 'popularity'
        ? byPopularity(saves)
        : byCommunity(snapshot, saves, (pin) => keyOf.get(pin) ?? `a removed pin, ${pin}`);
    return {
      version: snapshot.version,
      // A pin that is newer than the snapshot has no class yet.
      classOf: (pin) => classes[idOf.get(pin) ?? -1] ?? 0,
      nameOf,
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Classes {
  /** By pin. */
  readonly classes: Uint8Array;
  readonly nameOf: (number: number) => string;
}

function byPopularity(saves: Int32Array): Classes {
  const sorted = saves.toSorted();
  /** By number of saves: pins with fewer. */
  const fewer = new Map<number, number>();
  for (const [index, own] of sorted.entries()) if (!fewer.has(own)) fewer.set(own, index);
  const classes = Uint8Array.from(saves, (own) => 1 + Math.floor((10 * fewer.get(own)!) / saves.length));
  return { classes, nameOf: String };
}

function byCommunity(
  { version, communities }: LoadedSnapshot,
  saves: Int32Array,
  keyOf: (pin: number) => string,
): Classes {
  if (communities === undefined) {
    throw new DataError(
      'no-topics',
      `snapshot ${version} has no communities: build one with --analysis, and activate it`,
    );
  }
  const topics = communityTopics(communities, saves.length).communities;
  const pins = new Map<number, number>();
  const mostSaved = new Map<number, number>();
  for (const [pin, community] of topics.entries()) {
    pins.set(community, (pins.get(community) ?? 0) + 1);
    const most = mostSaved.get(community);
    if (most === undefined || saves[pin]! > saves[most]!) mostSaved.set(community, pin);
  }
  const largest = [...pins].toSorted(([a, own], [b, other]) => other - own || a - b).slice(0, rankMax);
  const numbers = new Map(largest.map(([community], index) => [community, index + 1]));
  const names = largest.map(([community]) => keyOf(mostSaved.get(community)!));
  return {
    classes: Uint8Array.from(topics, (community) => numbers.get(community) ?? rankMax + 1),
    nameOf: (number) => names[number - 1] ?? 'others',
  };
}
