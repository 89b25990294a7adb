import { z } from 'zod';
import type { NodeKind } from '../../engine/index.ts';
import { type Reply, type Route, type RouteRequest, defineRoute } from '../http/index.ts';
import { JsonParts, Problem, jsonBytes, noParameters, prependFields } from '../base/index.ts';
import {
  type RecommendationRequest,
  type RecommendationResponse,
  batchResponse,
  generalForm,
  keySchema,
  limitMax,
  numberFromQuery,
  popularParameters,
  recommendationResponse,
  requestCompleter,
  shorthandParameters,
} from '../contract/index.ts';
import { withoutViewer } from '../recommend/index.ts';
import type { Service } from '../service.ts';
import { CachedPage, type RankedList, ShownKeys, isProblem, problemOf } from '../runtime/serving/index.ts';
import { promote, promoteAll, withPromotion } from './promote.ts';
import { assertMayRecord, assertOnReplica, recordImpressions } from './record-impressions.ts';
import { assertStepsWithin, callerOf, logWalks, modelProblems, walkProblems } from './walks.ts';

const batchMax = 100;
const recordProblems = ['storage-unavailable'] as const;

const exampleKeys = { pin: 'express', board: 'express/dependencies', user: 'express' } as const;
const idPath = z.strictObject({
  id: z.string().min(1).max(64).describe('The `recommendationId` of the previous page.'),
});

function batchSchema(request: z.ZodType<RecommendationRequest>) {
  return z
    .strictObject({
      requests: z.array(request).min(1).max(batchMax),
      distinct: z.boolean().default(false),
    })
    .meta({
      id: 'BatchRequest',
      examples: [
        { requests: [{ query: [{ pin: 'express' }] }, { query: [{ pin: 'react' }] }], distinct: true },
      ],
    });
}

/** Recommendations, each with an id under which it is cached for its next page. */
export function recommendationRoutes(service: Service): Route[] {
  const { graphs, pages, metrics, newId, presets, experiments, settings } = service;
  const { stepsMax } = settings;
  const complete = requestCompleter(() => presets.presets);

  const keep = (
    recommendationId: string,
    list: RankedList,
    request: RecommendationRequest,
    { shown = new ShownKeys([list.items]), before }: { shown?: ShownKeys; before?: CachedPage | undefined },
  ): JsonParts<RecommendationResponse> => {
    pages.add(
      recommendationId,
      new CachedPage({ request, shown, items: list.count, before, bestScore: list.bestScore }),
    );
    const { arm } = request;
    return prependFields({ recommendationId, ...(arm !== undefined && { arm }) }, list.json);
  };
  const recommend = async (
    given: RecommendationRequest,
    { context, signal }: Client,
    pageBefore?: { readonly id: string; readonly page: CachedPage },
  ): Promise<Reply<RecommendationResponse>> => {
    // Later pages stay in the arm of the first one, also when the experiment has ended.
    const inArm = pageBefore === undefined ? experiments.inArm(given) : given;
    const request = withPromotion(inArm, service);
    assertStepsWithin(stepsMax, [request], () => '/params/steps');
    assertMayRecord([request], context);
    assertOnReplica([request], context);
    const before = pageBefore?.page;
    const pagesBefore = pageBefore && {
      id: pageBefore.id,
      seen: pageBefore.page.shownSoFar(),
      ranked: pageBefore.page.ranked,
      bestScore: pageBefore.page.bestScore,
    };
    const found = await graphs.recommend(
      withoutViewer(request, service.store),
      callerOf({ context, signal }),
      pagesBefore,
    );
    logWalks(metrics, context, [found]);
    const recommendationId = newId();
    const list = await promote(service, {
      recommendationId,
      request,
      promoted: inArm.promoted,
      list: found,
      ranked: before?.ranked,
    });
    await recordImpressions(service, [{ recommendationId, request, list }], context.client);
    return { body: keep(recommendationId, list, request, { before }) };
  };
  const shorthand = (
    name: keyof typeof exampleKeys,
    call: string,
    operationId: string,
    summary: string,
    target: NodeKind = 'pins',
  ): Route =>
    defineRoute({
      method: 'get',
      path: `/v1/${name}s/{${name}}/${call}`,
      operationId,
      tag: 'recommendations',
      summary,
      scope: 'read',
      params: z.strictObject({ [name]: keySchema.meta({ examples: [exampleKeys[name]] }) }),
      query: shorthandParameters,
      response: { status: 200, description: 'Ranked items', schema: recommendationResponse },
      problems: [...walkProblems, ...(target === 'pins' ? modelProblems : []), `unknown-${name}`],
      handle: async ({ params: key, query, ...client }) => {
        const fields = { query: [{ ...key, weight: 1 }], target, ...generalForm(query) };
        return recommend(complete(fields), client);
      },
    });

  return [
    shorthand('pin', 'related', 'relatedPins', 'Pins that go with this pin'),
    shorthand('board', 'ideas', 'boardIdeas', 'Pins for this board that it does not hold yet'),
    shorthand('user', 'feed', 'userFeed', 'Pins for this user, based on their recent saves'),
    shorthand('user', 'boards', 'userBoards', 'Boards of other users to follow', 'boards'),
    defineRoute({
      method: 'get',
      path: '/v1/popular',
      operationId: 'popular',
      tag: 'recommendations',
      summary: 'The most saved pins, boards or users: for visitors without history',
      description:
        'Ranks pins by boards, boards by pins, users by saves. Also the feed of a user without saves.',
      scope: 'read',
      params: noParameters,
      query: popularParameters,
      response: { status: 200, description: 'Ranked items', schema: recommendationResponse },
      problems: [...walkProblems],
      handle: async ({ query, ...client }) => {
        // An empty query, which no client can send, is treated like that of a user without saves.
        const fields = {
          ...query,
          query: [],
          algorithm: 'popular',
          params: {},
          explain: false,
          randomSeed: 1,
        };
        return recommend(complete(fields), client);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/recommendations',
      operationId: 'recommend',
      tag: 'recommendations',
      summary: 'Recommend for weighted pins, boards and users, with filters and exclusions',
      scope: 'read',
      params: noParameters,
      query: noParameters,
      body: presets.request,
      response: { status: 200, description: 'Ranked items', schema: recommendationResponse },
      problems: [
        'invalid-filter',
        ...walkProblems,
        ...modelProblems,
        ...recordProblems,
        'unknown-pin',
        'unknown-board',
        'unknown-user',
      ],
      handle: async ({ body, ...client }) => recommend(body, client),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/recommendations/batch',
      operationId: 'recommendBatch',
      tag: 'recommendations',
      summary: 'Up to 100 requests; results in order, each with its own status',
      description: 'With `distinct`, no item appears in two of the lists.',
      scope: 'read',
      params: noParameters,
      query: noParameters,
      body: batchSchema(presets.request),
      response: { status: 200, description: 'A list or a problem for each request', schema: batchResponse },
      problems: ['invalid-filter', ...walkProblems, ...recordProblems],
      handle: async ({ body: { requests: given, distinct }, context, signal, express }) => {
        const requests = given.map((request) => withPromotion(experiments.inArm(request), service));
        assertStepsWithin(stepsMax, requests, (i) => `/requests/${i}/params/steps`);
        assertMayRecord(requests, context);
        assertOnReplica(requests, context);
        const walked = requests.map((request) => withoutViewer(request, service.store));
        const found = await graphs.recommendBatch(
          { requests: walked, distinct },
          callerOf({ context, signal }),
        );
        const ids = found.map(newId);
        const slotted = requests.map((request, i) => ({ request, promoted: given[i]!.promoted }));
        const outcomes = await promoteAll(service, slotted, found, { ids, distinct });
        const lists = outcomes.flatMap((outcome) => (isProblem(outcome) ? [] : [outcome]));
        logWalks(metrics, context, lists);
        await recordImpressions(
          service,
          outcomes.flatMap((list, i) =>
            isProblem(list) ? [] : [{ recommendationId: ids[i]!, request: requests[i]!, list }],
          ),
          context.client,
        );
        // The pages that follow a distinct batch repeat no item of any of its lists: these share one list per target.
        const shownIn = (target: NodeKind): ShownKeys =>
          new ShownKeys(
            outcomes.flatMap((outcome, i) =>
              isProblem(outcome) || requests[i]!.target !== target ? [] : [outcome.items],
            ),
          );
        const shown = distinct
          ? { pins: shownIn('pins'), boards: shownIn('boards'), users: shownIn('users') }
          : undefined;
        const parts: (string | Uint8Array)[] = [];
        for (const [i, outcome] of outcomes.entries()) {
          parts.push(i === 0 ? '{"answers":[' : ',');
          if (isProblem(outcome)) {
            const problem = problemOf(outcome).body(express.path, context.requestId);
            parts.push(jsonBytes({ status: problem.status, problem }));
            continue;
          }
          const request = requests[i]!;
          const own = shown === undefined ? {} : { shown: shown[request.target] };
          parts.push('{"status":200,"answer":', ...keep(ids[i]!, outcome, request, own).parts, '}');
        }
        return { body: new JsonParts([...parts, ']}']) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/recommendations/{id}/next',
      operationId: 'recommendNext',
      tag: 'recommendations',
      summary: 'The next page of a recommendation, without repeats',
      description:
        'Available for 30 minutes. The next page comes from the graph that is current now, with the settings of the first page. Ranks continue: after 20 items, the next has rank 21.',
      scope: 'read',
      params: idPath,
      query: z.strictObject({ limit: numberFromQuery(z.int().min(1).max(limitMax).optional()) }),
      response: { status: 200, description: 'The items that follow', schema: recommendationResponse },
      problems: [...walkProblems, ...modelProblems, ...recordProblems, 'unknown-recommendation'],
      handle: async ({ params: { id }, query: { limit }, ...client }) => {
        const page = pages.find(id);
        if (page === undefined) {
          throw new Problem(
            'unknown-recommendation',
            'this id has expired or never existed: request a first page',
          );
        }
        const request = limit === undefined ? page.request : { ...page.request, limit };
        return recommend(request, client, { id, page });
      },
    }),
  ];
}

/** The connection of a request. */
type Client = Pick<RouteRequest<never, never, never>, 'context' | 'signal'>;
