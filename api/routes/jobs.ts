import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import { jobResponse, jobsResponse } from '../contract/index.ts';

const idPath = z.strictObject({ id: z.string().min(1).max(64) });

/** What became of long work that a request began. */
export function jobRoutes({ jobs }: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/jobs',
      operationId: 'listJobs',
      tag: 'jobs',
      summary: 'The last 100 jobs since the server started, latest first',
      scope: 'admin',
      params: noParameters,
      query: noParameters,
      response: { status: 200, description: 'The jobs', schema: jobsResponse },
      problems: [],
      handle: () => ({ body: { jobs: jobs.list() } }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/jobs/{id}',
      operationId: 'getJob',
      tag: 'jobs',
      summary: 'How far a job is, or what came of it',
      scope: 'admin',
      params: idPath,
      query: noParameters,
      response: { status: 200, description: 'The job', schema: jobResponse },
      problems: ['unknown-job'],
      handle: ({ params: { id } }) => ({ body: jobs.find(id) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/jobs/{id}',
      operationId: 'cancelJob',
      tag: 'jobs',
      summary: 'Cancel a job',
      description: 'It is told to stop, and `cancelled` once it has; what it had begun is undone.',
      scope: 'admin',
      params: idPath,
      query: noParameters,
      response: { status: 202, description: 'It was told to stop', schema: jobResponse },
      problems: ['unknown-job', 'conflict'],
      handle: ({ params: { id } }) => ({ body: jobs.cancel(id) }),
    }),
  ];
}
