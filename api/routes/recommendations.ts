import { z } from 'zod';
import type { Target } from '../../engine/index.ts';
import { type Reply, type Route, type RouteRequest, defineRoute } from '../http/index.ts';
import { noParameters, validate, Problem, type ProblemCode, problemTypes } from '../base/index.ts';
import {
  type RecommendationRequest,
  generalForm,
  keySchema,
  limitMax,
  popularParameters,
  shorthandParameters,
  batchResponse,
  recommendationResponse,
} from '../contract/index.ts';
import type { Service } from '../service.ts';
import { type Asked, type KeptAnswer, type WalkOutcome, seenUpTo } from '../runtime/serving/index.ts';
import { assertStepsWithin, logWalks } from './walks.ts';

const batchMax = 100;

const pinPath = z.strictObject({ pin: keySchema.meta({ examples: ['express'] }) });
const boardPath = z.strictObject({ board: keySchema.meta({ examples: ['express/dependencies'] }) });
const userPath = z.strictObject({ user: keySchema.meta({ examples: ['express'] }) });
const idPath = z.strictObject({
  id: z.string().min(1).max(64).describe('The `recommendationId` of the earlier answer.'),
});

function batchSchema(
  request: z.ZodType<RecommendationRequest>,
): z.ZodType<{ requests: RecommendationRequest[]; distinct: boolean }> {
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

/** The answers, with their ids; each is kept for its next page. */
export function recommendationRoutes(service: Service): Route[] {
  const { stepsMax } = service.settings;
  const oneRequest = service.presets.request;
  const ask = async (
    asked: Asked,
    { signal, response }: Client,
    before?: KeptAnswer,
  ): Promise<Answered[]> => {
    const outcomes = await service.graphs.ask(asked, signal);
    logWalks(service.metrics, response, outcomes);
    const { requests, distinct = false } = asked;
    // The pages that follow a distinct batch repeat nothing of any of its answers: these share one list a target.
    const shown: Record<Target, string[]> = { pins: [], boards: [], users: [] };
    for (const [i, outcome] of distinct ? outcomes.entries() : []) {
      if ('items' in outcome) shown[requests[i]!.target].push(...outcome.items);
    }
    return outcomes.map((outcome, i) => {
      if ('problem' in outcome) return outcome;
      const id = service.newId();
      const request = requests[i]!;
      service.kept.keep(id, {
        request,
        shown: distinct ? shown[request.target] : outcome.items,
        before,
        sharers: distinct ? outcomes.length : 1,
        bestScore: outcome.bestScore,
      });
      return { json: `{"recommendationId":"${id}",${outcome.json}` };
    });
  };
  const askOne = async (request: RecommendationRequest, client: Client, before?: KeptAnswer) => {
    assertStepsWithin(stepsMax, [request], () => '/params/steps');
    const asked = { requests: [request], seen: seenUpTo(before), bestScore: before?.bestScore };
    const [outcome] = await ask(asked, client, before);
    return replyOf(outcome!);
  };
  const shorthand = (
    path: string,
    operationId: string,
    summary: string,
    params: z.ZodType<Record<string, string>>,
    unknown: ProblemCode,
    general: object = {},
  ): Route =>
    defineRoute({
      method: 'get',
      path,
      operationId,
      tag: 'recommendations',
      summary,
      scope: 'read',
      params,
      query: shorthandParameters,
      answer: { status: 200, description: 'Ranked items', schema: recommendationResponse },
      problems: [...walkProblems, unknown],
      handle: async ({ params: key, query, ...client }) => {
        const body = { query: [key], ...general, ...generalForm(query) };
        return askOne(validate(oneRequest, body), client);
      },
    });

  return [
    shorthand('/v1/pins/{pin}/related', 'relatedPins', 'Pins that go with this pin', pinPath, 'unknown-pin'),
    shorthand(
      '/v1/boards/{board}/ideas',
      'boardIdeas',
      'Pins for this board that are not on it',
      boardPath,
      'unknown-board',
    ),
    shorthand(
      '/v1/users/{user}/feed',
      'userFeed',
      'Pins for this user, from their latest saves',
      userPath,
      'unknown-user',
    ),
    shorthand(
      '/v1/users/{user}/boards',
      'userBoards',
      'Boards of others for this user to follow',
      userPath,
      'unknown-user',
      {
        target: 'boards',
      },
    ),
    defineRoute({
      method: 'get',
      path: '/v1/popular',
      operationId: 'popular',
      tag: 'recommendations',
      summary: 'What is on most boards: for visitors of whom nothing is known',
      description:
        'Pins by their boards, boards by their pins, users by their saves; what a user who has saved nothing gets as a feed.',
      scope: 'read',
      params: noParameters,
      query: popularParameters,
      answer: { status: 200, description: 'Ranked items', schema: recommendationResponse },
      problems: [...walkProblems],
      handle: async ({ query, ...client }) => {
        // A query of nothing, which nobody can send, is answered like one of a user without saves.
        const body = { ...query, query: [{ pin: '' }], algorithm: 'popular' };
        return askOne({ ...validate(oneRequest, body), query: [] }, client);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/recommendations',
      operationId: 'recommend',
      tag: 'recommendations',
      summary: 'The general form: from weighted pins, boards and users, with filters and exclusions',
      scope: 'read',
      params: noParameters,
      query: noParameters,
      body: oneRequest,
      answer: { status: 200, description: 'Ranked items', schema: recommendationResponse },
      problems: ['invalid-filter', ...walkProblems, 'unknown-pin', 'unknown-board', 'unknown-user'],
      handle: async ({ body, ...client }) => askOne(body, client),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/recommendations/batch',
      operationId: 'recommendBatch',
      tag: 'recommendations',
      summary: 'Up to 100 requests, answered in order, each with its own status',
      description: 'With `distinct`, no item comes in two of the answers.',
      scope: 'read',
      params: noParameters,
      query: noParameters,
      body: batchSchema(oneRequest),
      answer: { status: 200, description: 'An answer or a problem for each', schema: batchResponse },
      problems: ['invalid-filter', ...walkProblems],
      handle: async ({ body: { requests, distinct }, signal, express, response }) => {
        assertStepsWithin(stepsMax, requests, (i) => `/requests/${i}/params/steps`);
        const outcomes = await ask({ requests, distinct }, { signal, response });
        const parts = outcomes.map((outcome) => {
          if (!('problem' in outcome)) return `{"status":200,"answer":${outcome.json}}`;
          const { code, detail, errors } = outcome.problem;
          const { requestId } = response.locals as { requestId: string };
          const problem = new Problem(code, detail, errors).body(express.path, requestId);
          return JSON.stringify({ status: problemTypes[code].status, problem });
        });
        return { json: `{"answers":[${parts.join(',')}]}` };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/recommendations/{id}/next',
      operationId: 'recommendNext',
      tag: 'recommendations',
      summary: 'The next page of an earlier answer, without repeats',
      description:
        'Answers are kept for 30 minutes. The next page is walked on the graph that is current now, with the settings of the first.',
      scope: 'read',
      params: idPath,
      query: z.strictObject({
        limit: z.preprocess(
          (text) => (typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : text),
          z.int().min(1).max(limitMax).optional(),
        ),
      }),
      answer: { status: 200, description: 'The items that follow', schema: recommendationResponse },
      problems: [...walkProblems, 'unknown-recommendation'],
      handle: async ({ params: { id }, query: { limit }, ...client }) => {
        const kept = service.kept.find(id);
        if (kept === undefined) {
          throw new Problem(
            'unknown-recommendation',
            'no answer of that id is kept: ask anew for a first page',
          );
        }
        const request = limit === undefined ? kept.request : { ...kept.request, limit };
        return askOne(request, client, kept);
      },
    }),
  ];
}

/** Who asks. */
type Client = Pick<RouteRequest<never, never, never>, 'signal' | 'response'>;

/** What every walk can end in. */
const walkProblems = ['graph-not-ready', 'overloaded'] as const;

/** A whole answer as JSON, or the problem instead. */
type Answered = { readonly json: string } | Extract<WalkOutcome, { problem: unknown }>;

function replyOf(outcome: Answered): Reply {
  if (!('problem' in outcome)) return { json: outcome.json };
  const { code, detail, errors } = outcome.problem;
  throw new Problem(code, detail, errors);
}
