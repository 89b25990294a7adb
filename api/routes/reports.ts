import { DataError, dateOf } from '../../graph-data/index.ts';
import { Problem, noParameters } from '../base/index.ts';
import { daysOf, engagementParameters, engagementResponse } from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import type { Service } from '../service.ts';

/** Reports on interactions. */
export function reportRoutes({ reports, wallClock }: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/reports/engagement',
      operationId: 'reportEngagement',
      needsWriter: true,
      tag: 'interactions',
      summary: 'Report on impressions and actions: rates with intervals',
      description:
        'An action counts for the day, surface, pipeline, arm and rank of the impression that gets credit for it: the one of ' +
        'its recommendation and pin, otherwise the last one of the pin to the same person within the window. The first report of ' +
        'a window reads all interactions of its days, later ones only days that have changed.',
      scope: 'admin',
      params: noParameters,
      query: engagementParameters,
      response: { status: 200, description: 'The report', schema: engagementResponse },
      problems: ['overloaded', 'graph-not-ready', 'conflict'],
      handle: async ({ query, signal }) => {
        const { by, windowHours, touch, dedupe } = query;
        const { from, to } = daysOf(query, wallClock());
        const { total, ...report } = await reports
          .engagement({ ...query, from, to }, signal)
          .catch((error: unknown) => {
            throw problemOf(error);
          });
        const { impressions, actions } = total;
        const days = { from: dateOf(from), to: dateOf(to) };
        return {
          body: { ...days, by, windowHours, touch, dedupe, total: { impressions, actions }, ...report },
        };
      },
    }),
  ];
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof DataError)) return error;
  if (error.code === 'no-active-snapshot')
    return new Problem(
      'graph-not-ready',
      'pins have communities and popularity once there is a snapshot: build one',
    );
  return error.code === 'no-topics' ? new Problem('conflict', error.message) : error;
}
