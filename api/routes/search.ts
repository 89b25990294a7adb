import { z } from 'zod';
import type { Side } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import {
  booleanFromQuery,
  numberFromQuery,
  recommendationRequest,
  searchResponse,
} from '../contract/index.ts';
import { type SearchHit, Searcher } from '../search/index.ts';
import type { Service } from '../service.ts';

const textLengthMax = 200;
const limitMax = 100;

const searchQuery = z
  .strictObject({
    q: z.string().min(1).max(textLengthMax),
    kind: z.enum(['pins', 'boards', 'users']).default('pins'),
    limit: numberFromQuery(z.int().min(1).max(limitMax).default(20)),
    expand: booleanFromQuery(z.boolean().default(false)),
  })
  .refine(({ kind, expand }) => kind === 'pins' || !expand, {
    path: ['expand'],
    message: 'is for pins alone',
  });

export function searchRoutes(service: Service): Route[] {
  const { graphs, store } = service;
  const searcher = new Searcher(store);

  /** Pins that a walk from the hits finds, the better hits weighing more. */
  const walkFrom = async (
    hits: readonly SearchHit[],
    limit: number,
    signal: AbortSignal,
  ): Promise<SearchHit[]> => {
    // Also when there is nothing to walk from: whether a graph is needed is not to depend on what is found.
    const { snapshot } = graphs;
    if (hits.length === 0 || limit === 0) return [];
    const query = hits.map(({ key }, i) => ({ pin: key, weight: 1 / (i + 1) }));
    const [outcome] = await graphs.ask({ requests: [recommendationRequest.parse({ query, limit })] }, signal);
    if ('problem' in outcome!) {
      const { code, detail, errors } = outcome.problem;
      // All hits came after the build.
      if (code === 'unknown-pin') return [];
      throw new Problem(code, detail, errors);
    }
    return outcome!.items.flatMap((key) => searcher.pin(key, snapshot) ?? []);
  };

  return [
    defineRoute({
      method: 'get',
      path: '/v1/search',
      operationId: 'search',
      tag: 'search',
      summary: 'Pins by text, as one types; boards and users by the start of their names',
      description:
        'Pins have all words of `q` in key, title or text, whatever their case and diacritics; the last word may be ' +
        'the start of one. Best first: the very key or title, then keys that begin with `q`, then by bm25 and popularity. ' +
        'With `expand`, at most half of the items are found by text, and a walk from them finds the others. ' +
        'Boards are found by the start of key or title, users by that of their key.',
      scope: 'read',
      params: noParameters,
      query: searchQuery,
      answer: { status: 200, description: 'Ranked items', schema: searchResponse },
      problems: ['graph-not-ready', 'overloaded'],
      handle: async ({ query: { q, kind, limit, expand }, signal }) => {
        const snapshot = graphs.current;
        const text = q.trim();
        const hitsMax = expand ? Math.ceil(limit / 2) : limit;
        const hits =
          text === ''
            ? []
            : kind === 'pins'
              ? await searcher.pins(text, hitsMax, snapshot)
              : kind === 'boards'
                ? searcher.boards(text, limit, snapshot)
                : searcher.users(text, limit);
        const near = expand ? await walkFrom(hits, limit - hits.length, signal) : [];
        const items = [...hits, ...near].map((hit, i) => {
          return itemOf(kind, i + 1, hit, i < hits.length ? 'text' : 'walk');
        });
        return { body: { q, kind, graphVersion: snapshot?.version ?? null, items } };
      },
    }),
  ];
}

function itemOf(kind: Side, rank: number, { key, title, count }: SearchHit, source: 'text' | 'walk'): object {
  if (kind === 'pins') return { rank, pin: key, title, boards: count, source };
  if (kind === 'boards') return { rank, board: key, title, pins: count, source };
  return { rank, user: key, boards: count, source };
}
