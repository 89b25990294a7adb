import type { ListedSave, SaveLists, SavePlace, Store } from '../../graph-data/index.ts';

/** Saves that are read at once: some milliseconds. */
const savesPerPage = 1_000;

/** A person as JSON, bit by bit: however much they saved, little of it is in memory. */
export function* personExport(
  store: Store,
  lists: SaveLists,
  user: number,
  exportedAt: string,
): Generator<string> {
  const { key, attributes } = store.nodeAt('users', user)!;
  const start = JSON.stringify({ user: key, exportedAt, attributes });
  yield `${start.slice(0, -1)},"boards":[`;
  let isFirst = true;
  for (const board of store.boardsOf(user)) {
    const row = store.nodeAt('boards', board);
    // It went while this was sent.
    if (row === undefined) continue;
    const said = JSON.stringify({ board: row.key, title: row.title, attributes: row.attributes });
    yield `${isFirst ? '' : ','}${said.slice(0, -1)},"saves":[`;
    isFirst = false;
    let after: SavePlace | undefined;
    for (;;) {
      const page = lists.page('boards', board, savesPerPage, after);
      if (page.length > 0) yield (after === undefined ? '' : ',') + page.map(told).join(',');
      if (page.length < savesPerPage) break;
      const last = page.at(-1)!;
      after = { board: last.boardIndex, pin: last.pinIndex };
    }
    yield ']}';
  }
  yield ']}\n';
}

function told({ pin, savedAt, weight }: ListedSave): string {
  return JSON.stringify({
    pin,
    savedAt: savedAt === null ? null : new Date(savedAt).toISOString(),
    weight,
  });
}
