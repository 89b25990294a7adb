import type { SaveChange, UnsaveChange } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import { streamType, writeStream } from './save-stream.ts';
import { savesResponse, unsavesResponse, type SaveInput, savesRequest } from '../contract/index.ts';
import { write, writeProblems } from './write.ts';

const aboutStream =
  'A save in JSON a line, any number of lines. They are made durable 10,000 at a time while more come; ' +
  'a line that cannot be taken is told of in the answer and stops no other.';

/** Saves that come and go. */
export function saveRoutes(service: Service): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/saves',
      operationId: 'addSaves',
      tag: 'writing',
      summary: 'Save a pin to a board, or many; makes pins, boards and users that are new',
      description:
        'Answered once all of it is durable. All of a request is written or nothing. A pin is on a board once: the ' +
        'first save stays as it is, so the same request may be sent again. A board belongs to the user who made it.',
      scope: 'write',
      params: noParameters,
      query: noParameters,
      body: savesRequest,
      stream: {
        type: streamType,
        description: aboutStream,
        handle: async (request) => {
          const { made, unmade, ...others } = await writeStream(service, request, save, 'added');
          return { body: { added: made, present: unmade, ...others } };
        },
      },
      takesIdempotencyKey: true,
      answer: { status: 201, description: 'The saves are there', schema: savesResponse },
      problems: writeProblems,
      handle: async (request) => {
        const results = await write(service, request, request.body.map(save));
        const added = results.filter((result) => result === 'added').length;
        return { body: { added, present: results.length - added, results } };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/saves',
      operationId: 'removeSaves',
      tag: 'writing',
      summary: 'Take a pin off a board, or many; pins, boards and users stay',
      description:
        'Takes what POST takes, of which user, board and pin count. What is not there is no fault. Answered once all ' +
        'of it is durable.',
      scope: 'write',
      params: noParameters,
      query: noParameters,
      body: savesRequest,
      stream: {
        type: streamType,
        description: aboutStream,
        handle: async (request) => {
          const { made, unmade, ...others } = await writeStream(service, request, unsave, 'removed');
          return { body: { removed: made, absent: unmade, ...others } };
        },
      },
      takesIdempotencyKey: true,
      answer: { status: 200, description: 'The saves are gone', schema: unsavesResponse },
      problems: writeProblems,
      handle: async (request) => {
        const results = await write(service, request, request.body.map(unsave));
        const removed = results.filter((result) => result === 'removed').length;
        return { body: { removed, absent: results.length - removed, results } };
      },
    }),
  ];
}

function save(input: SaveInput): SaveChange {
  return { kind: 'save', ...input };
}

function unsave({ user, board, pin }: SaveInput): UnsaveChange {
  return { kind: 'unsave', user, board, pin };
}
