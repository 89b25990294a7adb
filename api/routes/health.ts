import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import type { Service } from '../service.ts';

export function healthRoutes(service: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/healthz',
      operationId: 'health',
      tag: 'operations',
      summary: 'Whether the process is alive',
      scope: 'open',
      params: noParameters,
      query: noParameters,
      response: { status: 200, description: 'Alive', schema: z.strictObject({ status: z.literal('ok') }) },
      problems: [],
      handle: () => ({ body: { status: 'ok' as const } }),
    }),
    defineRoute({
      method: 'get',
      path: '/readyz',
      operationId: 'readiness',
      tag: 'operations',
      summary: 'Whether there is a graph, its database and a worker thread, and the server is not stopping',
      scope: 'open',
      params: noParameters,
      query: noParameters,
      response: {
        status: 200,
        description: 'Ready',
        schema: z.strictObject({
          status: z.literal('ready'),
          graphVersion: z.string(),
          topicsLagMs: z
            .number()
            .nullable()
            .optional()
            .describe(
              'For a server that reads topics: since it last had all of their records; null before that.',
            ),
        }),
      },
      problems: ['graph-not-ready', 'replica-behind', 'topics-behind'],
      handle: () => {
        const { graphs } = service;
        if (graphs.state === 'draining') {
          throw new Problem('graph-not-ready', 'the server is stopping', [], { 'Retry-After': '1' });
        }
        const { version } = graphs.snapshot;
        if (graphs.threads.length === 0) {
          throw new Problem('graph-not-ready', 'no worker thread is alive', [], { 'Retry-After': '1' });
        }
        service.storage.assert();
        assertCaughtUp(service);
        return { body: { status: 'ready' as const, graphVersion: version, ...topicsLag(service) } };
      },
    }),
  ];
}

function assertCaughtUp({ replica, settings: { lagMsMax } }: Service): void {
  if (replica === undefined || replica.lagMs <= lagMsMax) return;
  const lag = Number.isFinite(replica.lagMs)
    ? `is ${Math.round(replica.lagMs)} ms behind its writer, more than ${lagMsMax}`
    : 'has not reached its writer yet';
  throw new Problem('replica-behind', `this replica ${lag}`, [], { 'Retry-After': '1' });
}

/** Brokers that are down are no reason to send nobody here, unless the operator says so. */
function topicsLag({ stream, settings: { kafkaLagMsMax = Infinity } }: Service): {
  topicsLagMs?: number | null;
} {
  if (stream === undefined) return {};
  const { lagMs } = stream;
  if (lagMs > kafkaLagMsMax) {
    const lag = Number.isFinite(lagMs)
      ? `is ${Math.round(lagMs)} ms behind its topics, more than ${kafkaLagMsMax}`
      : 'has not reached the end of its topics yet';
    throw new Problem('topics-behind', `this server ${lag}`, [], { 'Retry-After': '1' });
  }
  return { topicsLagMs: Number.isFinite(lagMs) ? Math.round(lagMs) : null };
}
