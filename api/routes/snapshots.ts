import { z } from 'zod';
import { listSnapshots } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import { buildJob } from '../runtime/jobs/index.ts';
import type { Service } from '../service.ts';
import {
  activationResponse,
  contentParamsSchema,
  jobResponse,
  linearParamsSchema,
  snapshotsResponse,
} from '../contract/index.ts';

const versionPath = z.strictObject({ version: z.string().min(1).max(64) });

const buildRequest = z
  .strictObject({
    activate: z.boolean().default(true).meta({ description: 'Serve the snapshot once it is built' }),
    force: z.boolean().default(false).meta({
      description:
        'Even if its recommendations differ too much from the current ones, or a snapshot is pinned',
    }),
    linear: linearParamsSchema.nullable().optional().meta({
      description:
        'How to compute item weights: `{}` for the defaults, `null` for none. By default as in the active snapshot, with its parameters.',
    }),
    content: contentParamsSchema.nullable().optional().meta({
      description:
        'How to compare texts of pins: `{}` for the defaults, `null` for not at all. By default as in the active snapshot, with its parameters.',
    }),
  })
  .prefault({})
  .meta({ id: 'BuildRequest' });

const activationRequest = z
  .strictObject({
    force: z
      .boolean()
      .default(false)
      .meta({ description: 'Even if its recommendations differ too much from the current ones' }),
    pin: z.boolean().optional().meta({
      description:
        'Whether to pin it: no build replaces it then, until another activation. Default: if there is a newer snapshot.',
    }),
  })
  .prefault({})
  .meta({ id: 'ActivationRequest' });

/** Builds, swaps and rollbacks of snapshots. */
export function snapshotRoutes({ folder, graphs, jobs }: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/snapshots',
      operationId: 'listSnapshots',
      tag: 'snapshots',
      summary: 'All snapshots, newest first',
      description: '`active`: the pointer on disk names it. `served`: requests are served from it now.',
      scope: 'admin',
      params: noParameters,
      query: noParameters,
      response: { status: 200, description: 'The snapshots', schema: snapshotsResponse },
      problems: [],
      handle: () => {
        const snapshots = listSnapshots(folder).map(({ version, bytes, builtAt, active, pinned }) => ({
          version,
          bytes,
          builtAt,
          active,
          pinned,
          served: version === graphs.version,
        }));
        return { body: { snapshots } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/snapshots',
      operationId: 'buildSnapshot',
      tag: 'snapshots',
      summary: 'Build a snapshot of the database and serve it',
      description:
        'Responds at once with a job. While a snapshot is pinned, it is built, but served only with `force`: `swap` in the ' +
        'result of the job is then null. The body is optional.',
      scope: 'admin',
      params: noParameters,
      query: noParameters,
      body: buildRequest,
      response: { status: 202, description: 'The job has started', schema: jobResponse },
      problems: ['conflict'],
      handle: ({ body }) => {
        const job = jobs.start('build', buildJob(folder, graphs, body), ['erase']);
        return { body: job, headers: { Location: `/v1/jobs/${job.id}` } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/snapshots/{version}/activate',
      operationId: 'activateSnapshot',
      tag: 'snapshots',
      summary: 'Serve this snapshot: swap, or roll back',
      description:
        'Responds once the snapshot is current; no request fails meanwhile. A snapshot whose recommendations differ too much ' +
        'from the current ones is refused unless forced, or active before. One that is older than another is pinned, so that no ' +
        'build undoes a rollback; activating the newest one releases the pin. The body is optional.',
      scope: 'admin',
      params: versionPath,
      query: noParameters,
      body: activationRequest,
      response: { status: 200, description: 'The snapshot is current', schema: activationResponse },
      problems: ['unknown-snapshot', 'conflict', 'graph-not-ready'],
      handle: async ({ params: { version }, body: { force, pin } }) => {
        const other = jobs.running('build', 'erase');
        if (other !== undefined) {
          throw new Problem('conflict', `a ${other.kind} job is running: wait for job ${other.id}`);
        }
        return { body: await graphs.swap(version, { force, pin }) };
      },
    }),
  ];
}
