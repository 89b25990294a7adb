import type { ListedSave, SaveLists, SavePosition, Store } from '../../graph-data/index.ts';

/** Saves read at a time: about 2 ms. */
const savesPerPage = 500;
const boardsPerPage = 500;

interface Person {
  readonly user: string;
  /** Undefined if only interactions are stored. */
  readonly index: number | undefined;
  readonly exportedAt: string;
  /** As JSON, in parts. */
  readonly interactions: readonly string[];
  /** By name: channels, notifications, promoted pins. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** All data of a person as JSON, in parts: memory stays small however much they saved. */
export function* personExport(
  store: Store,
  lists: SaveLists,
  { user, index, exportedAt, interactions, others }: Person,
): Generator<string> {
  const attributes = index === undefined ? {} : store.nodeAt('users', index)!.attributes;
  const hiddenInterests = index === undefined ? [] : store.hiddenInterestsOf(index);
  const person = JSON.stringify({ user, exportedAt, attributes, hiddenInterests });
  yield `${person.slice(0, -1)},"boards":[`;
  let isFirst = true;
  for (const board of index === undefined ? [] : boardsOf(store, index)) {
    const row = store.nodeAt('boards', board);
    // Removed during the export.
    if (row === undefined) continue;
    const head = JSON.stringify({ board: row.key, title: row.title, attributes: row.attributes });
    yield `${isFirst ? '' : ','}${head.slice(0, -1)},"saves":[`;
    isFirst = false;
    let after: SavePosition | undefined;
    for (;;) {
      const page = lists.page('boards', board, savesPerPage, after);
      if (page.length > 0) yield (after === undefined ? '' : ',') + page.map(saveJson).join(',');
      if (page.length < savesPerPage) break;
      const last = page.at(-1)!;
      after = { board: last.boardIndex, pin: last.pinIndex };
    }
    yield ']}';
  }
  yield '],"interactions":[';
  for (const [i, part] of interactions.entries()) yield i === 0 ? part : `,${part}`;
  yield `],${JSON.stringify(others).slice(1)}\n`;
}

function* boardsOf(store: Store, user: number): Generator<number> {
  for (let page = store.boardsAfter(user, -1, boardsPerPage); page.length > 0;) {
    yield* page;
    page = store.boardsAfter(user, page.at(-1)!, boardsPerPage);
  }
}

function saveJson({ pin, savedAt, weight }: ListedSave): string {
  return JSON.stringify({
    pin,
    savedAt: savedAt === null ? null : new Date(savedAt).toISOString(),
    weight,
  });
}
