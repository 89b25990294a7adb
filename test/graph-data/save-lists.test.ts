import { describe, expect, test } from 'vitest';
import type { NodeKind } from '../../engine/index.ts';
import { type ListedSave, SaveLists, type SavePosition, Store } from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { saveListSql } from '../../graph-data/database/save-lists.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

async function listsOf(saves: readonly string[]) {
  const folder = temporaryDataFolder();
  await importSaves(folder, saves);
  const store = Store.open(folder);
  return { folder, store, lists: new SaveLists(store.database) };
}

function positionOf(save: ListedSave | undefined): SavePosition | undefined {
  return save && { board: save.boardIndex, pin: save.pinIndex };
}

/** All saves of a node, page by page. */
function walkThrough(lists: SaveLists, kind: NodeKind, node: number, limit: number): string[] {
  const listed: string[] = [];
  let after: SavePosition | undefined;
  for (;;) {
    const page = lists.page(kind, node, limit, after);
    listed.push(...page.map(({ user, board, pin }) => `${user} ${board} ${pin}`));
    if (page.length < limit) return listed;
    after = positionOf(page.at(-1));
  }
}

/** Counts the saves of a node, so many at a time. */
function countInSlices(lists: SaveLists, kind: 'pins' | 'boards', node: number, limit: number): number {
  let count = 0;
  for (let after = -1; ;) {
    const { rows, last } = lists.countAfter(kind, node, after, limit);
    count += rows;
    if (rows < limit) return count;
    after = last!;
  }
}

const saves = ['ann b1 p1', 'ann b1 p2', 'ben b2 p1', 'ann b3 p3', 'ann b3 p1', 'ann b3 p2', 'cem b4 p2'];

describe('pages of saves', () => {
  test.each([1, 2, 3, 100])(
    'pages of %i saves add up to all saves of a pin, a board, a user',
    async (limit) => {
      const { store, lists } = await listsOf(saves);
      for (const [kind, key, expected] of [
        ['pins', 'p1', ['ann b1 p1', 'ben b2 p1', 'ann b3 p1']],
        ['boards', 'b3', ['ann b3 p1', 'ann b3 p2', 'ann b3 p3']],
        ['users', 'ann', ['ann b1 p1', 'ann b1 p2', 'ann b3 p1', 'ann b3 p2', 'ann b3 p3']],
      ] as const) {
        const node = store.indexOf(kind, key)!;
        expect(walkThrough(lists, kind, node, limit)).toEqual(expected);
        if (kind !== 'users') expect(countInSlices(lists, kind, node, limit)).toBe(expected.length);
      }
      store.close();
    },
  );

  test('a page continues after the previous one although saves, even its last one, were added and removed', async () => {
    const { folder, store, lists } = await listsOf(saves);
    const ann = store.indexOf('users', 'ann')!;
    const after = positionOf(lists.page('users', ann, 3).at(-1))!;
    const database = openDatabase(folder);
    database.prepare('DELETE FROM saves WHERE board = ? AND pin = ?').run(after.board, after.pin);
    database.prepare('DELETE FROM saves WHERE board = 0').run();
    database.close();
    await importSaves(folder, ['ann b5 p9']);
    const rest = lists.page('users', ann, 100, after).map(({ board, pin }) => `${board} ${pin}`);
    expect(rest).toEqual(['b3 p2', 'b3 p3', 'b5 p9']);
    store.close();
  });

  test.each(Object.entries(saveListSql))(
    'the query of a page (%s) uses indexes, without a scan or a sort',
    async (_, sql) => {
      const { store } = await listsOf(saves);
      const plan = store.database
        .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all({ node: 0, board: 0, pin: 0, limit: 10 })
        .map(({ detail }) => detail);
      expect(plan).toHaveLength(4);
      for (const step of plan) expect(step).toMatch(/^SEARCH /);
      expect(plan[0]).toMatch(/[(]\w+=\? AND \w+>\?[)]$/);
      store.close();
    },
  );
});
