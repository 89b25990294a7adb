import { Problem, noParameters } from '../base/index.ts';
import {
  interestParameters,
  interestPath,
  interestRequest,
  interestResponse,
  interestsParameters,
  interestsResponse,
} from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import type { Service } from '../service.ts';

/** Interests whose pins are looked up in one turn of the event loop: about 2 ms. */
const perTurn = 20;

const common = { tag: 'interests', scope: 'read' } as const;

/** The interest tree of the graph, and the operator's edits. */
export function interestRoutes({ graphs, interests, turns }: Service): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/interests',
      operationId: 'listInterests',
      summary: 'The interest tree: what the pins of the graph are about',
      description:
        'Communities of pins, each named by the words and board titles that set it apart. None for a graph that was built ' +
        'without analysis. A page follows the position of its cursor in the tree as it is then.',
      params: noParameters,
      query: interestsParameters,
      response: { status: 200, description: 'A page of interests', schema: interestsResponse },
      problems: ['unknown-interest', 'graph-not-ready', 'storage-unavailable'],
      handle: async ({ query: { limit, cursor, pins, ...wanted } }) => {
        const { snapshot } = graphs;
        const ids = interests.idsOf(snapshot, wanted);
        const from = cursor === undefined ? 0 : after(ids, cursor);
        const bodies = [];
        for (const [i, id] of ids.slice(from, from + limit).entries()) {
          if (i % perTurn === 0) await turns.next();
          bodies.push(interests.body(snapshot, id, pins));
        }
        const isLast = from + limit >= ids.length;
        const nextCursor = isLast ? null : ids[from + limit - 1]!;
        return { body: { graphVersion: snapshot.version, interests: bodies, nextCursor } };
      },
    }),
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/interests/{interest}',
      operationId: 'getInterest',
      summary: 'An interest: its most saved pins, what is above and below it',
      description: 'The id of one that was merged into another gives the other.',
      params: interestPath,
      query: interestParameters,
      response: { status: 200, description: 'The interest', schema: interestResponse },
      problems: ['unknown-interest', 'graph-not-ready', 'storage-unavailable'],
      handle: ({ params: { interest }, query: { pins } }) => ({
        body: interests.find(graphs.snapshot, interest, pins),
      }),
    }),
    defineRoute({
      ...common,
      scope: 'admin',
      method: 'put',
      path: '/v1/interests/{interest}',
      operationId: 'putInterest',
      summary: 'Rename, hide or merge an interest',
      description:
        'Replaces all edits of the interest: an empty body takes them back. They are kept in the data folder, and apply to every ' +
        'later graph that has an interest of this id.',
      params: interestPath,
      query: noParameters,
      body: interestRequest,
      response: { status: 200, description: 'The edit is durable', schema: interestResponse },
      problems: ['unknown-interest', 'conflict', 'graph-not-ready', 'storage-unavailable'],
      handle: ({ params: { interest }, body }) => {
        const { snapshot } = graphs;
        interests.edit(snapshot, interest, body);
        return { body: interests.find(snapshot, interest, interestParameters.parse({}).pins) };
      },
    }),
  ];
}

/** The place after a cursor, which is the id of the last interest of its page. */
function after(ids: readonly string[], cursor: string): number {
  const last = ids.indexOf(cursor);
  if (last >= 0) return last + 1;
  const detail =
    'is not a cursor of this list: use nextCursor of the previous page, or start over after a change';
  throw new Problem('invalid-request', `/cursor: ${detail}`, [
    { pointer: '/cursor', code: 'invalid-cursor', detail },
  ]);
}
