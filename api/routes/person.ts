import { once } from 'node:events';
import { z } from 'zod';
import { SaveLists, hasUnfinishedErasure } from '../../graph-data/index.ts';
import { type Route, alreadySent, defineRoute } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import { eraseJob } from '../runtime/jobs/index.ts';
import type { Service } from '../service.ts';
import { jobResponse, exportResponse, storedKeySchema } from '../contract/index.ts';
import { personExport } from './person-export.ts';

const common = {
  tag: 'people',
  scope: 'admin',
  params: z.strictObject({ user: storedKeySchema }),
  query: noParameters,
} as const;

/** What people may ask for about themselves: all that is held, and that it goes. */
export function personRoutes(service: Service): Route[] {
  const { store, jobs, wallClock } = service;
  const lists = new SaveLists(store.database);
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/users/{user}/export',
      operationId: 'exportUser',
      summary: 'All that is held about a person',
      description:
        'Their attributes, and their boards with what is said of them and their saves. Sent while it is read, so what is ' +
        'written meanwhile may be in it or not.',
      response: { status: 200, description: 'All of it', schema: exportResponse },
      problems: ['unknown-user'],
      handle: async ({ params: { user }, signal, response }) => {
        const index = store.indexOf('users', user);
        if (index === undefined) throw unknown(user);
        response.status(200).setHeader('Content-Type', 'application/json; charset=utf-8');
        const exportedAt = new Date(wallClock()).toISOString();
        for (const part of personExport(store, lists, index, exportedAt)) {
          // A client that reads slowly is waited for; one that has gone ends this.
          if (!response.write(part)) await once(response, 'drain', { signal });
        }
        response.end();
        return alreadySent;
      },
    }),
    defineRoute({
      ...common,
      method: 'delete',
      path: '/v1/users/{user}',
      operationId: 'eraseUser',
      summary: 'Erase a person, with all copies of what was held about them',
      description:
        'The answer comes at once, with a job to follow; its result is a receipt of what was erased where. Their boards and ' +
        'saves go with them, pins stay. All older snapshots go too. Sent again, it finishes what a crash or a fault has cut.',
      response: { status: 202, description: 'The job has begun', schema: jobResponse },
      problems: ['unknown-user', 'conflict'],
      handle: ({ params: { user } }) => {
        const isThere = store.indexOf('users', user) !== undefined;
        if (!isThere && !hasUnfinishedErasure(store.database) && jobs.running('erase') === undefined) {
          throw unknown(user);
        }
        const job = jobs.start('erase', eraseJob(service, user), ['build']);
        return { body: job, headers: { Location: `/v1/jobs/${job.id}` } };
      },
    }),
  ];
}

function unknown(user: string): Problem {
  return new Problem('unknown-user', `there is no user ${JSON.stringify(user)}`);
}
