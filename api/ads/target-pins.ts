import { nodeCount } from '../../engine/graph/index.ts';
import type { CampaignSettings, LoadedSnapshot, Store } from '../../graph-data/index.ts';
import type { Turns } from '../base/index.ts';
import type { InterestCatalog } from '../recommend/index.ts';

/** Pins whose interest is looked up in one turn of the event loop: about 2 ms. */
const perTurn = 20_000;

interface TargetDeps {
  readonly store: Store;
  readonly catalog: InterestCatalog;
  readonly turns: Turns;
}

/**
 * The pins that a campaign's targets name, but for search terms: 1 by pin; targets that are no longer there name none. Undefined for one without targets,
 * which is for all. In shared memory. O(pins of the graph) with interests.
 */
export async function targetPins(
  { store, catalog, turns }: TargetDeps,
  served: () => LoadedSnapshot,
  { interests, pins, boards }: Omit<CampaignSettings['targets'], 'searchTerms'>,
): Promise<Uint8Array | undefined> {
  if (interests.length + pins.length + boards.length === 0) return undefined;
  const snapshot = served();
  const count = nodeCount(snapshot.graph.pinToBoard);
  const isTarget = new Uint8Array(new SharedArrayBuffer(count));
  const { tree, index } = catalog.of(snapshot);
  const wanted = new Set<number>();
  for (const id of interests) {
    const place = tree.placeOf(id);
    if (place !== undefined) for (const within of tree.within(place)) wanted.add(within);
  }
  for (let pin = 0; wanted.size > 0 && pin < count; pin++) {
    if (pin % perTurn === 0) await turns.next();
    if (wanted.has(index.of(pin))) isTarget[pin] = 1;
  }
  const boardIndexes = boards.flatMap((key) => store.indexOf('boards', key) ?? []);
  const seeds = [
    ...pins.flatMap((key) => store.indexOf('pins', key) ?? []),
    ...boardIndexes.flatMap((board) => store.savesOn(board).map(({ pin }) => pin)),
  ];
  for (const pin of seeds) if (pin < count) isTarget[pin] = 1;
  return isTarget;
}
