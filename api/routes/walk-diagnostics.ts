import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import { drawnNodesMax, drawnNodesUsual } from '../recommend/index.ts';
import { numberFromQuery, walkResponse } from '../contract/index.ts';
import type { Service } from '../service.ts';
import { assertStepsWithin, logWalks } from './walks.ts';

/** The walk is made again to trace it, and fifteen times shorter. */
const walksPerLook = 10;

const walkQuery = z.strictObject({
  nodes: numberFromQuery(
    z
      .int()
      .min(10)
      .max(drawnNodesMax)
      .default(drawnNodesUsual)
      .describe('Pins and boards to draw at most: half of them pins, as far as they were walked.'),
  ),
});

/** One query under the lens, as `pinwalk walk` tells it. */
export function walkRoutes({ graphs, metrics, presets, settings }: Service): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/walks',
      operationId: 'lookAtWalk',
      tag: 'recommendations',
      summary: 'How an answer comes about: what its walk did, and the part of the graph where it was most',
      description:
        'Takes the body of `POST /v1/recommendations`, for the algorithm `pixie` and its presets, and makes the same answer, ' +
        'with reasons and titles, which is not kept for a next page. Some ten times the work of the answer alone: ' +
        'it may have a tenth of the steps that one HTTP request may ask for.',
      scope: 'read',
      params: noParameters,
      query: walkQuery,
      body: presets.request,
      answer: { status: 200, description: 'The walk', schema: walkResponse },
      problems: [
        'invalid-filter',
        'graph-not-ready',
        'overloaded',
        'unknown-pin',
        'unknown-board',
        'unknown-user',
      ],
      handle: async ({ body: request, query: { nodes: nodesMax }, signal, response }) => {
        const stepsMax = Math.ceil(settings.stepsMax / walksPerLook);
        assertStepsWithin(stepsMax, [request], () => '/params/steps');
        const outcome = await graphs.look({ request, nodesMax }, signal);
        logWalks(metrics, response, [outcome]);
        if (!('problem' in outcome)) return { json: outcome.json };
        const { code, detail, errors } = outcome.problem;
        throw new Problem(code, detail, errors);
      },
    }),
  ];
}
