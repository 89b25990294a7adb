import type { PersonFacts } from '../../graph-data/campaigns/index.ts';
import type { DataFolder } from '../../graph-data/base/index.ts';
import { Store } from '../../graph-data/database/index.ts';
import type { NodeRow } from '../../graph-data/database/index.ts';
import { unitOf } from '../base/index.ts';
import type { Filter } from '../contract/index.ts';
import { compileFilter } from '../recommend/index.ts';

/** Filters that are kept compiled. */
const compiledMax = 1_000;

/** Facts of people for auctions, from the graph's database, which is opened with the first one. */
export function personFacts(folder: DataFolder): PersonFacts {
  let store: Store | undefined;
  const compiled = new Map<string, (row: NodeRow) => boolean>();
  const opened = (): Store => (store ??= Store.open(folder));
  const passes = (filter: Filter): ((row: NodeRow) => boolean) => {
    const key = JSON.stringify(filter);
    const known = compiled.get(key) ?? compileFilter(filter);
    if (compiled.size >= compiledMax) compiled.clear();
    compiled.set(key, known);
    return known;
  };
  return {
    atOnce: (read) => opened().atOnce(read),
    keyOf: (pin) => opened().keyAt('pins', pin),
    hasSaved: (user, pin) => {
      const owner = opened().indexOf('users', user);
      return owner !== undefined && opened().hasSaved(owner, pin);
    },
    isHeldOut: (user, campaign, share) => unitOf(`promoted ${campaign}`, user) < share,
    passes: (user, filter) => {
      const index = opened().indexOf('users', user);
      const row = index === undefined ? undefined : opened().nodeAt('users', index);
      return row !== undefined && passes(filter as Filter)(row);
    },
  };
}
