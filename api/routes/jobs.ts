import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import { jobResponse, jobsResponse } from '../contract/index.ts';

const idPath = z.strictObject({ id: z.string().min(1).max(64) });

/** Long-running work that requests have started. */
export function jobRoutes({ jobs }: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/jobs',
      operationId: 'listJobs',
      tag: 'jobs',
      summary: 'The running jobs and those that ended last, up to 100, latest first',
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
      summary: 'The progress of a job, or its result',
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
      needsWriter: false,
      tag: 'jobs',
      summary: 'Cancel a job',
      description:
        'The job receives a stop signal; once it has ended, its state is `cancelled` and its partial work is undone.',
      scope: 'admin',
      params: idPath,
      query: noParameters,
      response: { status: 202, description: 'The job is stopping', schema: jobResponse },
      problems: ['unknown-job', 'conflict'],
      handle: ({ params: { id } }) => ({ body: jobs.cancel(id) }),
    }),
  ];
}
