import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import { plainSaves, savesRequest, savesResponse, unsavesResponse } from '../contract/index.ts';
import { saveOf, unsaveOf } from '../runtime/writing/index.ts';
import { streamType } from './line-stream.ts';
import { writeStream } from './save-stream.ts';
import { write, writeProblems } from './write.ts';

const common = {
  path: '/v1/saves',
  tag: 'writing',
  scope: 'write',
  params: noParameters,
  query: noParameters,
  body: savesRequest,
  plainBody: plainSaves,
  takesIdempotencyKey: true,
  problems: writeProblems,
} as const;
const stream = {
  type: streamType,
  description:
    'One save in JSON per line, any number of lines. They become durable in batches while the body arrives; ' +
    'an invalid line is reported in the response and does not affect the others.',
} as const;

/** Adds and removes saves. */
export function saveRoutes(service: Service): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'post',
      operationId: 'addSaves',
      summary: 'Save one or more pins to boards; creates new pins, boards and users',
      description:
        'The response comes once all saves are durable; a request is written entirely or not at all. A board holds a pin ' +
        'once: an existing save stays unchanged, so a request may be repeated. A board belongs to the user who created it.',
      stream: {
        ...stream,
        handle: async (request) => {
          const { made, unmade, ...rejects } = await writeStream(service, request, 'save');
          return { body: { added: made, present: unmade, ...rejects } };
        },
      },
      response: { status: 201, description: 'The saves are stored', schema: savesResponse },
      handle: async (request) => {
        const results = await write(service, request, request.body.map(saveOf));
        const added = results.filter((result) => result === 'added').length;
        return { body: { added, present: results.length - added, results } };
      },
    }),
    defineRoute({
      ...common,
      method: 'delete',
      operationId: 'removeSaves',
      summary: 'Remove one or more pins from boards; pins, boards and users stay',
      description:
        'Takes the body of POST and reads user, board and pin from it. A save that does not exist is not an error. ' +
        'The response comes once all removals are durable.',
      stream: {
        ...stream,
        handle: async (request) => {
          const { made, unmade, ...rejects } = await writeStream(service, request, 'unsave');
          return { body: { removed: made, absent: unmade, ...rejects } };
        },
      },
      response: { status: 200, description: 'The saves are removed', schema: unsavesResponse },
      handle: async (request) => {
        const results = await write(service, request, request.body.map(unsaveOf));
        const removed = results.filter((result) => result === 'removed').length;
        return { body: { removed, absent: results.length - removed, results } };
      },
    }),
  ];
}
