import { noParameters } from '../base/index.ts';
import { interactionOf, interactionsRequest, interactionsResponse } from '../contract/index.ts';
import { type Route, defineRoute, freeNow } from '../http/index.ts';
import type { Service } from '../service.ts';
import { Rejects, streamType, writeLines } from './line-stream.ts';

/** Records impressions and actions of people. */
export function interactionRoutes(service: Service): Route[] {
  const { interactions, wallClock, keptFrom } = service;
  return [
    defineRoute({
      path: '/v1/interactions',
      method: 'post',
      operationId: 'addInteractions',
      tag: 'interactions',
      summary: 'Record impressions and actions',
      description:
        'Responds once all interactions are durable. Sending one again is safe: the same id on the same day (UTC), or without an id ' +
        'the same content, is stored once. Users and pins need not exist.',
      scope: 'write',
      params: noParameters,
      query: noParameters,
      // Validated by the thread that writes them, which knows what signs tokens.
      body: interactionsRequest(interactionOf(wallClock, keptFrom, () => true)),
      stream: {
        type: streamType,
        description:
          'One JSON interaction per line, any number of lines. Batches become durable while the body arrives; an ' +
          'invalid line is reported in the response and does not affect the others.',
        handle: async (request) => {
          const rejects = new Rejects();
          const counts = { added: 0, present: 0 };
          await writeLines(service, request, {
            writes: interactions,
            write: async (block, queued) => {
              const outcome = await interactions.writeLines(
                { block, time: wallClock(), from: keptFrom() },
                queued,
              );
              for (const { line, detail } of outcome.rejects) rejects.add(line, detail);
              for (const result of outcome.results) counts[result]++;
            },
          });
          return { body: { ...counts, ...rejects.report() } };
        },
      },
      response: { status: 202, description: 'The interactions are durable', schema: interactionsResponse },
      problems: ['overloaded', 'storage-unavailable'],
      takesBytes: true,
      handle: async ({ body, context }) => {
        const request = { ...body, time: wallClock(), from: keptFrom() };
        try {
          return { body: await interactions.writeBody(request, context.client) };
        } finally {
          freeNow(body.bytes);
        }
      },
    }),
  ];
}
