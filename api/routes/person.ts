import { z } from 'zod';
import { SaveLists, hasInteractions, hasUnfinishedErasure, readPerson } from '../../graph-data/index.ts';
import { type Route, alreadySent, defineRoute, sendParts } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import { eraseJob, interactionsOf, isInRejectedRows } from '../runtime/jobs/index.ts';
import type { Service } from '../service.ts';
import { type ExportedPromotions, jobResponse, exportResponse, storedKeySchema } from '../contract/index.ts';
import { exportedNotifications } from '../notifications/index.ts';
import { personExport } from './person-export.ts';

const common = {
  tag: 'people',
  scope: 'admin',
  params: z.strictObject({ user: storedKeySchema }),
  query: noParameters,
} as const;

/** Export and erasure of a person's data. */
export function personRoutes(service: Service): Route[] {
  const { folder, store, jobs, turns, wallClock, promotion } = service;
  const lists = new SaveLists(store.database);
  const promotionsOf = async (user: string): Promise<ExportedPromotions | undefined> => {
    const campaigns = await promotion.codeIfUsed();
    const kept = campaigns?.readPromotions(folder, user);
    return kept && campaigns?.exportedPromotions(kept);
  };
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/users/{user}/export',
      operationId: 'exportUser',
      needsWriter: true,
      summary: 'Export all data of a person',
      description:
        'Their attributes, their boards with attributes and saves, their interactions, channels, notifications and promoted pins. Streamed while it is read: ' +
        'concurrent writes may or may not be included.',
      response: { status: 200, description: 'The data of the person', schema: exportResponse },
      problems: ['unknown-user'],
      handle: async ({ params: { user }, signal, express, response }) => {
        const index = store.indexOf('users', user);
        const hasLog = hasInteractions(folder, user);
        const sent = readPerson(folder, user);
        const promoted = await promotionsOf(user);
        if (index === undefined && !hasLog && sent === undefined && promoted === undefined)
          throw unknown(user);
        const isHead = express.method === 'HEAD';
        const interactions = isHead || !hasLog ? [] : await interactionsOf(folder, user);
        response.setHeader('Content-Type', 'application/json; charset=utf-8');
        const exportedAt = new Date(wallClock()).toISOString();
        const others = {
          ...exportedNotifications(sent),
          promoted: promoted ?? { impressions: [], hidden: [] },
        };
        const person = { user, index, exportedAt, interactions, others };
        const parts = isHead ? [] : personExport(store, lists, person);
        await sendParts(response, parts, turns, signal);
        return alreadySent;
      },
    }),
    defineRoute({
      ...common,
      method: 'delete',
      path: '/v1/users/{user}',
      operationId: 'eraseUser',
      summary: 'Erase a person and all copies of their data',
      description:
        'Responds at once with a job, whose result is a receipt: rows erased by store. Erases their boards, saves, ' +
        'interactions, channels, notifications and promoted impressions, and deletes all older snapshots; pins stay. Repeated after a crash or a failure, it completes the erasure.',
      response: { status: 202, description: 'The job has started', schema: jobResponse },
      problems: ['unknown-user', 'conflict'],
      handle: async ({ params: { user } }) => {
        const isKnown =
          store.indexOf('users', user) !== undefined ||
          hasInteractions(folder, user) ||
          readPerson(folder, user) !== undefined ||
          (await promotionsOf(user)) !== undefined ||
          hasUnfinishedErasure(store.database) ||
          jobs.running('erase') !== undefined;
        if (!isKnown && !(await isInRejectedRows(folder, user))) throw unknown(user);
        const job = jobs.start('erase', eraseJob(service, user), ['build']);
        return { body: job, headers: { Location: `/v1/jobs/${job.id}` } };
      },
    }),
  ];
}

function unknown(user: string): Problem {
  return new Problem('unknown-user', `there is no user ${JSON.stringify(user)}`);
}
