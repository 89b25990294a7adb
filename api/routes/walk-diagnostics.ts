import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import { drawnNodesMax, drawnNodesDefault } from '../recommend/index.ts';
import { numberFromQuery, walkResponse } from '../contract/index.ts';
import type { Service } from '../service.ts';
import { assertNotShown } from '../recommend/index.ts';
import { assertStepsWithin, callerOf, logWalks, modelProblems, walkProblems } from './walks.ts';

/** Cost of the diagnostics in walks: the walk is repeated to trace it, and again with fewer steps. */
const walksPerDiagnosis = 10;

const walkQuery = z.strictObject({
  nodes: numberFromQuery(
    z
      .int()
      .min(10)
      .max(drawnNodesMax)
      .default(drawnNodesDefault)
      .describe('Pins and boards to draw at most; half of them pins, where the walk reached that many.'),
  ),
});

/** The diagnostics that `pinwalk walk` prints. */
export function walkRoutes({ graphs, metrics, presets, settings }: Service): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/walks',
      operationId: 'diagnoseWalk',
      tag: 'recommendations',
      summary: 'Diagnostics of a recommendation: its walk, and the part of the graph that it visited most',
      description:
        'Takes the body of `POST /v1/recommendations`, for the algorithm `pixie` and its presets, and returns the same items ' +
        'with reasons and titles, without a next page. It does about ten times the work of the recommendation, so it may ' +
        'take a tenth of the steps that one HTTP request may.',
      scope: 'read',
      params: noParameters,
      query: walkQuery,
      body: presets.request,
      response: { status: 200, description: 'The walk', schema: walkResponse },
      problems: [
        'invalid-filter',
        ...walkProblems,
        ...modelProblems,
        'unknown-pin',
        'unknown-board',
        'unknown-user',
      ],
      handle: async ({ body: request, query: { nodes: nodesMax }, context, signal }) => {
        const stepsMax = Math.ceil(settings.stepsMax / walksPerDiagnosis);
        assertStepsWithin(stepsMax, [request], () => '/params/steps');
        assertNotShown(request);
        const diagnosis = await graphs.diagnose({ request, nodesMax }, callerOf({ context, signal }));
        logWalks(metrics, context, [diagnosis]);
        return { body: diagnosis.json };
      },
    }),
  ];
}
