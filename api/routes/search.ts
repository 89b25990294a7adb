import { z } from 'zod';
import { type NodeKind, nodeKinds } from '../../engine/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { Problem, valueOfJson, noParameters } from '../base/index.ts';
import {
  type SearchItem,
  booleanFromQuery,
  numberFromQuery,
  recommendationRequest,
  searchResponse,
} from '../contract/index.ts';
import { type SearchHit, Searcher } from '../search/index.ts';
import type { Service } from '../service.ts';
import type { Caller } from '../runtime/serving/index.ts';
import { callerOf } from './walks.ts';

const textLengthMax = 200;
const limitMax = 100;

const searchQuery = z
  .strictObject({
    q: z.string().min(1).max(textLengthMax),
    kind: z.enum(nodeKinds).default('pins').describe('What to find. With `expand`, only `pins`.'),
    limit: numberFromQuery(z.int().min(1).max(limitMax).default(20)),
    expand: booleanFromQuery(
      z
        .boolean()
        .default(false)
        .describe(
          'Whether a walk from the hits finds the rest. `true` only with the kind `pins`, else it is refused.',
        ),
    ),
  })
  .refine(({ kind, expand }) => kind === 'pins' || !expand, {
    path: ['expand'],
    message: 'is only for pins',
  });

export function searchRoutes(service: Service): Route[] {
  const { graphs, store, counts, turns } = service;
  const searcher = new Searcher(store, counts, turns);

  /** Pins that a walk from the hits finds; better hits weigh more. */
  const walkFrom = async (
    hits: readonly SearchHit[],
    limit: number,
    caller: Caller,
  ): Promise<SearchHit[]> => {
    // Before anything else: whether a call needs a graph must not depend on what it finds.
    const { snapshot } = graphs;
    if (hits.length === 0 || limit === 0) return [];
    const query = hits.map(({ key }, i) => ({ pin: key, weight: 1 / (i + 1) }));
    try {
      const { items } = await graphs.recommend(recommendationRequest.parse({ query, limit }), caller);
      return valueOfJson(items).flatMap((key) => searcher.pin(key, snapshot) ?? []);
    } catch (error) {
      // All hits are newer than the graph.
      if (error instanceof Problem && error.code === 'unknown-pin') return [];
      throw error;
    }
  };

  return [
    defineRoute({
      method: 'get',
      path: '/v1/search',
      operationId: 'search',
      tag: 'search',
      summary: 'Find pins by text, while typing; boards and users by the start of their names',
      description:
        'A pin matches when its key, title and text contain all words of `q`, regardless of case and diacritics; the last ' +
        'word may be a prefix. Best first: exact keys and titles, then keys that start with `q`, then by bm25 and ' +
        'popularity. With `expand`, text finds at most half of the items and a walk from them finds the rest. ' +
        'A board matches by the start of its key or title, a user by the start of their key. With fewer than five matches, ' +
        'those follow that differ from `q` by one edit (`source`: `typo`) and have more saves than every match.',
      scope: 'read',
      params: noParameters,
      query: searchQuery,
      response: { status: 200, description: 'Ranked items', schema: searchResponse },
      problems: ['graph-not-ready', 'overloaded'],
      handle: async ({ query: { q, kind, limit, expand }, context, signal }) => {
        const snapshot = graphs.current;
        const text = q.trim();
        const hitsMax = expand ? Math.ceil(limit / 2) : limit;
        const hits =
          text === ''
            ? []
            : kind === 'pins'
              ? await searcher.pins(text, hitsMax, snapshot)
              : kind === 'boards'
                ? await searcher.boards(text, limit, snapshot)
                : await searcher.users(text, limit);
        const near = expand ? await walkFrom(hits, limit - hits.length, callerOf({ context, signal })) : [];
        const items = [...hits, ...near].map((hit, i) => {
          const bySource = hit.isTypo === true ? 'typo' : 'text';
          return itemOf(kind, i + 1, hit, i < hits.length ? bySource : 'walk');
        });
        return { body: { q, kind, graphVersion: snapshot?.version ?? null, items } };
      },
    }),
  ];
}

function itemOf(
  kind: NodeKind,
  rank: number,
  { key, title, count }: SearchHit,
  source: SearchItem['source'],
): SearchItem {
  if (kind === 'pins') return { rank, pin: key, title, boards: count, source };
  if (kind === 'boards') return { rank, board: key, title, pins: count, source };
  return { rank, user: key, boards: count, source };
}
