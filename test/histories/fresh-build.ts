import { expect } from 'vitest';
import { type RecommendationResult, recommendationRequest } from '../../api/contract/index.ts';
import { Recommender } from '../../api/recommend/index.ts';
import { normalForm } from '../normal-form.ts';
import { Problem } from '../../api/base/problems.ts';
import { type PinBoardGraph, buildGraph, nodeCount, sharedInt32Array } from '../../engine/index.ts';
import { readNextIds } from '../../graph-data/database/index.ts';
import { type DataFolder, type LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { type PlainSaves, storedKeys, storedSaves } from '../graph-data/plain-saves.ts';
import type { HistoryServer } from './model.ts';
import { boards, pins, users } from './writings.ts';

/** Assigned ids, including those whose key is gone. */
export class GivenIds {
  readonly #keys = new Map<string, string>();

  /** Throws when an id has a different key than before, or is used again after its key had gone. */
  see(store: Store): void {
    const now = new Map<string, string>();
    for (const kind of ['users', 'boards', 'pins'] as const) {
      const rows = store.database.prepare<[], [number, string]>(`SELECT id, key FROM ${kind}`).raw().all();
      for (const [id, key] of rows) now.set(`${kind} ${id}`, key);
    }
    for (const [id, key] of now) expect(this.#keys.get(id) ?? key, `the key of ${id}`).toBe(key);
    for (const [id, key] of this.#keys) if (!now.has(id)) this.#keys.set(id, `${key}, which has gone`);
    for (const [id, key] of now) this.#keys.set(id, key);
  }
}

/**
 * Throws unless everything agrees with the plain model: the rows, by key; the served graph, byte for byte with a build of
 * these rows once both are in normal form; and recommendations. The step determines the requests.
 */
export async function expectFreshBuild(
  plain: PlainSaves,
  server: HistoryServer,
  folder: DataFolder,
  given: GivenIds,
  step: number,
): Promise<void> {
  const store = Store.open(folder);
  try {
    expect(storedKeys(store.database)).toEqual(plain.keys());
    expect(storedSaves(store.database)).toEqual(plain.saves());
    given.see(store);
    const snapshot = server.graphs.current;
    if (snapshot === undefined) {
      const answer = await recommend(server, { query: [{ pin: pins[0] }] });
      expect(answer).toMatchObject({ status: 503, body: { code: 'graph-not-ready' } });
      return;
    }
    expect(snapshot.header.counts.saves + server.graphs.liveSaves).toBe(plain.saves().length);
    const fresh = build(plain, store);
    const walked = normalForm(snapshot.graph, readNextIds(store.database));
    forgetGoneOwners(walked, fresh);
    expect(walked).toEqual(fresh);
    const recommenderOf = (graph: PinBoardGraph) => {
      const recommender = new Recommender({ store, folder, now: () => 0, wallClock: Date.now });
      return (request: object) => resultOf(recommender, { ...snapshot, graph }, request);
    };
    const [asFresh, asWalked] = [recommenderOf(fresh), recommenderOf(walked)];
    const query = [{ pin: pins[step % pins.length] }, { pin: pins[(2 * step) % pins.length] }];
    const sampled = { query, algorithm: 'pixie', randomSeed: step, limit: 100 };
    expect(asWalked(sampled)).toEqual(asFresh(sampled));
    for (const request of [
      { query, algorithm: 'paths', limit: 100 },
      { query: [{ user: users[step % users.length] }], algorithm: 'paths', limit: 100 },
      { query: [{ board: boards[step % boards.length] }], algorithm: 'paths', limit: 100 },
      { query, algorithm: 'popular', limit: 100 },
    ]) {
      expectAlike(await recommend(server, request), asFresh(request), JSON.stringify(request));
    }
  } finally {
    store.close();
  }
}

/** The saves of the plain model as a graph, with the ids of the database. */
function build(plain: PlainSaves, store: Store): PinBoardGraph {
  const next = readNextIds(store.database);
  const idsOf = (kind: 'pins' | 'boards' | 'users') => {
    const rows = store.database.prepare<[], [string, number]>(`SELECT key, id FROM ${kind}`).raw().all();
    return new Map(rows);
  };
  const [pinIds, boardIds, userIds] = [idsOf('pins'), idsOf('boards'), idsOf('users')];
  const boardToUser = sharedInt32Array(next.boards).fill(-1);
  for (const pair of plain.keys().boards) {
    const [board, owner] = pair.split(' ');
    boardToUser[boardIds.get(board!)!] = userIds.get(owner!)!;
  }
  const saves = plain.saves().map((save) => save.split(' '));
  return buildGraph({
    boards: Int32Array.from(saves, ([, board]) => boardIds.get(board!)!),
    pins: Int32Array.from(saves, ([, , pin]) => pinIds.get(pin!)!),
    pinCount: next.pins,
    boardToUser,
    userCount: next.users,
  });
}

/** An erased board has no saves, so its owner is unreachable; a live graph may still have it. */
function forgetGoneOwners(walked: PinBoardGraph, fresh: PinBoardGraph): void {
  for (let board = 0; board < nodeCount(fresh.boardToPin); board++)
    if (fresh.boardToUser[board]! < 0) walked.boardToUser[board] = -1;
}

type Answer = { readonly status: number; readonly body: Partial<RecommendationResult> & { code?: string } };

async function recommend({ url }: HistoryServer, request: object): Promise<Answer> {
  const response = await fetch(`${url}/v1/recommendations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** The items, or the code of the problem. */
function resultOf(
  recommender: Recommender,
  snapshot: LoadedSnapshot,
  request: object,
): RecommendationResult['items'] | string {
  try {
    return recommender.recommend(snapshot, recommendationRequest.parse(request)).items;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

/**
 * The same items with the same scores, apart from rounding: neighbors in another order are summed in another order. Backfilled
 * items have the lowest score.
 */
function expectAlike(
  { body }: Answer,
  expected: RecommendationResult['items'] | string,
  request: string,
): void {
  if (typeof expected === 'string') {
    expect(body.code, request).toBe(expected);
    return;
  }
  const scoresOf = (items: RecommendationResult['items']) =>
    new Map(items.map(({ pin, score }) => [pin!, score] as const));
  const [actual, right] = [scoresOf(body.items!), scoresOf(expected)];
  expect([...actual.keys()].toSorted(), request).toEqual([...right.keys()].toSorted());
  for (const [pin, score] of right) expect(actual.get(pin), `${pin} of ${request}`).toBeCloseTo(score, 9);
}
