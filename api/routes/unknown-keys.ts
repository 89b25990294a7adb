import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import type { UnknownKeys } from '../contract/index.ts';
import type { InterestCatalog } from '../recommend/index.ts';

interface KeyDeps {
  readonly store: Store;
  readonly catalog: InterestCatalog;
  /** The served one. Throws `graph-not-ready` while there is none. */
  readonly snapshot: () => LoadedSnapshot;
}

/** Looks up the keys that a campaign names: pins and boards in the database, interests in the served graph. */
export function unknownKeysOf({ store, catalog, snapshot }: KeyDeps): UnknownKeys {
  return ({ pins, boards, interests }) => {
    const tree = interests.length === 0 ? undefined : catalog.of(snapshot()).tree;
    return {
      pins: new Set(pins.filter((key) => store.indexOf('pins', key) === undefined)),
      boards: new Set(boards.filter((key) => store.indexOf('boards', key) === undefined)),
      interests: new Set(interests.filter((id) => tree?.placeOf(id) === undefined)),
    };
  };
}
