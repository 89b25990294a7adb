import {
  type PlacedSave,
  type PersonInterest,
  type WalkedPin,
  personInterests,
} from '../../engine/interests/index.ts';
import { type LoadedSnapshot, SaveLists, type SavePosition, type Store } from '../../graph-data/index.ts';
import type { Turns } from '../base/index.ts';
import type { PersonInterestsResponse } from '../contract/index.ts';
import type { ServedInterests } from '../recommend/index.ts';

/** Saves of a person that count: reading them takes about 0.1 s. */
const personSavesMax = 20_000;
/** Read in one turn of the event loop: about 2 ms. */
const savesPerTurn = 500;
/** An interest with fewer saves counts as part of the one above. */
const savesMin = 3;
const pinsShown = 3;
/** As the default of the lever of the same name: an interest weighs what its saves weigh in a feed. */
const halfLifeDays = 180;

interface PersonDeps {
  readonly store: Store;
  readonly turns: Turns;
}

/** A person's interests from their saves as they are in the database: a save counts at once. */
export async function interestsOfPerson(
  { store, turns }: PersonDeps,
  { version }: LoadedSnapshot,
  { tree, index }: ServedInterests,
  user: number,
  limit: number,
  walked: readonly WalkedPin[],
): Promise<PersonInterestsResponse> {
  const ids = store.hiddenInterestsOf(user);
  const isLeftOut = new Set<number>();
  for (const place of ids.flatMap((id) => tree.placeOf(id) ?? [])) {
    for (const below of tree.within(place)) isLeftOut.add(below);
  }
  const saves: PlacedSave[] = [];
  const lists = new SaveLists(store.database);
  let after: SavePosition | undefined;
  do {
    await turns.next();
    const page = lists.page('users', user, savesPerTurn, after);
    for (const { pinIndex: pin, boardIndex: board, savedAt } of page) {
      const place = index.of(pin);
      const isUsed = place >= 0 && !tree.interests[place]!.isHidden && !isLeftOut.has(place);
      saves.push({ interest: isUsed ? place : -1, pin, board, savedAt });
    }
    const last = page.length < savesPerTurn ? undefined : page.at(-1)!;
    after = last && { board: last.boardIndex, pin: last.pinIndex };
  } while (after !== undefined && saves.length < personSavesMax);
  const placeOf = (id: string | null): number => (id === null ? -1 : tree.placeOf(id)!);
  const parents = tree.interests.map(({ parent }) => placeOf(parent));
  const found = personInterests(saves, { parents, halfLifeDays, savesMin, pinsMax: pinsShown, walked });
  return {
    user: store.keyAt('users', user)!,
    graphVersion: version,
    saves: saves.length,
    isTruncated: after !== undefined,
    interests: found.slice(0, limit).map((each) => bodyOf(each, tree, store)),
    hidden: ids.map((id) => {
      const place = tree.placeOf(id);
      return { interest: id, name: place === undefined ? null : tree.interests[place]!.name };
    }),
  };
}

function bodyOf(
  { interest, weight, saves, boards, newest, trend, pins }: PersonInterest,
  { interests }: ServedInterests['tree'],
  store: Store,
): PersonInterestsResponse['interests'][number] {
  const { id, parent, name } = interests[interest]!;
  return {
    interest: id,
    name,
    parent,
    weight,
    saves,
    boards,
    text: `${counted(saves, 'save')} on ${counted(boards, 'board')}`,
    newestSaveAt: newest === null ? null : new Date(newest).toISOString(),
    trend: trend ?? null,
    pins: pins.flatMap((pin) => {
      const row = store.nodeAt('pins', pin);
      return row === undefined ? [] : [{ pin: row.key, title: row.title ?? null }];
    }),
  };
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
