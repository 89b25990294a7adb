import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Turns } from '../../../api/base/index.ts';
import { recommendationRequest } from '../../../api/contract/index.ts';
import { Interests } from '../../../api/interests/index.ts';
import { openGraph } from '../../../api/library/index.ts';
import { InterestCatalog } from '../../../api/recommend/index.ts';
import { type PinBoardGraph, neighborsOf, nodeCount } from '../../../engine/index.ts';
import { activateSnapshot, buildSnapshot, importFiles, openDataFolder } from '../../../graph-data/index.ts';
import type { Profile, TagScores } from './profiles.ts';

const tagsShown = 10;

/**
 * The tags of people as `GET /v1/users/{user}/interests?tags=10` returns them: the train part is imported with the tags of its pins, built,
 * and read by the server's own code.
 */
export async function servedProfile(
  train: PinBoardGraph,
  tags: readonly (readonly number[])[],
  users: readonly number[],
): Promise<Profile> {
  const root = mkdtempSync(path.join(tmpdir(), 'pinwalk-study-'));
  try {
    const folder = openDataFolder(path.join(root, 'data'));
    const write = (name: string, rows: readonly object[]): string => {
      const file = path.join(root, name);
      writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
      return file;
    };
    const boards = Array.from({ length: nodeCount(train.boardToPin) }, (_, board) => board);
    const saves = boards.flatMap((board) => {
      const user = `u${board}`;
      return Array.from(neighborsOf(train.boardToPin, board), (pin) => ({
        user,
        board: user,
        pin: `p${pin}`,
      }));
    });
    const pins = tags.map((own, pin) => ({ pin: `p${pin}`, tags: own.map((tag) => `t${tag}`) }));
    await importFiles(folder, [write('saves.jsonl', saves), write('pins.jsonl', pins)]);
    activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
    using graph = openGraph(folder.root);
    const catalog = new InterestCatalog(folder, () => performance.now(), rethrow);
    const interests = new Interests(catalog, graph.store, new Turns(setImmediate));
    const found = new Map<number, TagScores>();
    for (const user of users) {
      const index = graph.store.indexOf('users', `u${user}`);
      if (index === undefined) continue;
      const { tags: own = [] } = await interests.ofPerson(
        graph.snapshot,
        index,
        { limit: 1, tags: tagsShown },
        async (input) => graph.recommender.recommend(graph.snapshot, recommendationRequest.parse(input)),
      );
      found.set(user, new Map(own.map(({ tag, weight }) => [Number(tag.slice(1)), weight])));
    }
    return { name: 'as served', of: (user) => found.get(user) ?? new Map<number, number>() };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function rethrow(fault: unknown): never {
  throw fault;
}
