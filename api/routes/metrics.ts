import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';

export function metricsRoutes({ metrics, turns }: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/metrics',
      operationId: 'metrics',
      tag: 'operations',
      summary: 'Counters, times and sizes in the Prometheus text format',
      scope: 'read',
      params: noParameters,
      query: noParameters,
      response: { status: 200, description: 'Metrics', type: metrics.contentType },
      problems: [],
      handle: async () => {
        await turns.next();
        return { body: await metrics.text() };
      },
    }),
  ];
}
