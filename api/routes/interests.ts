import { Problem, noParameters } from '../base/index.ts';
import {
  interestParameters,
  interestPath,
  interestRequest,
  interestResponse,
  interestsParameters,
  interestsResponse,
  personInterestPath,
  personInterestRequest,
  personInterestResponse,
  personInterestsParameters,
  personInterestsResponse,
} from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import type { Walk } from '../interests/index.ts';
import type { Service } from '../service.ts';
import { callerOf, walkFor } from './walks.ts';
import { writeOne, writeProblems } from './write.ts';

/** Interests whose pins are looked up in one turn of the event loop: about 2 ms. */
const perTurn = 20;

/** Interests that a person can hide. */
const hiddenMax = 200;

const common = { tag: 'interests', scope: 'read' } as const;

/** The interest tree of the graph, and the operator's edits. */
export function interestRoutes(service: Service): Route[] {
  const { graphs, interests, store, turns } = service;
  const userOf = (key: string): number => {
    const user = store.indexOf('users', key);
    if (user === undefined) throw new Problem('unknown-user', `there is no user ${JSON.stringify(key)}`);
    return user;
  };
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/interests',
      operationId: 'listInterests',
      summary: 'The interest tree of the graph',
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
      summary: 'An interest: its most saved pins, its parent and children',
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
        'Replaces all edits of the interest: an empty body undoes them. They are kept in the data folder, and apply to every ' +
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
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/users/{user}/interests',
      operationId: 'listUserInterests',
      summary: "A person's interests with weights, evidence and trend",
      description:
        'From their current saves, each in one interest, weighted by a walk from them. Interests are kept apart, largest weight first; an ' +
        'interest with fewer than three saves counts as part of the one above. Hidden ones are listed, and never used.',
      params: personInterestPath.pick({ user: true }),
      query: personInterestsParameters,
      response: { status: 200, description: 'The interests', schema: personInterestsResponse },
      problems: ['unknown-user', 'graph-not-ready', 'overloaded', 'storage-unavailable'],
      handle: async ({ params: { user }, query, context, signal }) => {
        const caller = callerOf({ context, signal });
        const walk: Walk = async (input) => walkFor(service, input, caller);
        return { body: await interests.ofPerson(graphs.snapshot, userOf(user), query, walk) };
      },
    }),
    defineRoute({
      ...common,
      scope: 'write',
      method: 'put',
      path: '/v1/users/{user}/interests/{interest}',
      operationId: 'putUserInterest',
      summary: 'Hide an interest of a person, or show it again',
      description:
        "A hidden interest and its descendants are never used for the person: their pins are not recommended, and the person's saves of them do not count. " +
        'It is exported and erased with the person.',
      params: personInterestPath,
      query: noParameters,
      body: personInterestRequest,
      takesIdempotencyKey: true,
      response: { status: 200, description: 'The change is durable', schema: personInterestResponse },
      problems: ['unknown-user', 'unknown-interest', 'graph-not-ready', ...writeProblems],
      handle: async (request) => {
        const { user, interest } = request.params;
        const { hidden: isHidden } = request.body;
        const { snapshot } = graphs;
        const ids = store.hiddenInterestsOf(userOf(user));
        const id = ids.includes(interest) ? interest : interests.idOf(snapshot, interest);
        if (isHidden && ids.length >= hiddenMax && !ids.includes(id)) {
          throw new Problem('conflict', `${hiddenMax} interests are hidden already: show one again first`);
        }
        return writeOne(service, request, { kind: 'hideInterest', user, interest: id, isHidden });
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
