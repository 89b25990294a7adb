import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import {
  putResponse,
  removalResponse,
  boardRequest,
  pinRequest,
  storedKeySchema,
  userRequest,
} from '../contract/index.ts';
import { write, writeProblems } from './write.ts';

const common = {
  tag: 'writing',
  scope: 'write',
  query: noParameters,
  takesIdempotencyKey: true,
  problems: writeProblems,
} as const;
const putCommon = {
  ...common,
  method: 'put',
  description:
    'What is left out is not said of it any more. Makes what is new; saves are not touched. Answered once durable.',
  answer: { status: 200, description: 'It is as told', schema: putResponse },
} as const;

/** What is told of pins, boards and users, and pins that go. */
export function attributeRoutes(service: Service): Route[] {
  return [
    defineRoute({
      ...putCommon,
      path: '/v1/pins/{pin}',
      operationId: 'putPin',
      summary: 'Create a pin, or replace what is said of it',
      params: z.strictObject({ pin: storedKeySchema }),
      body: pinRequest,
      handle: async (request) => {
        const { body, params } = request;
        const [result] = await write(service, request, [
          { kind: 'put', side: 'pins', key: params.pin, ...body },
        ]);
        return { body: { result } };
      },
    }),
    defineRoute({
      ...putCommon,
      path: '/v1/boards/{board}',
      operationId: 'putBoard',
      summary: 'Create a board, or replace what is said of it',
      params: z.strictObject({ board: storedKeySchema }),
      body: boardRequest,
      handle: async (request) => {
        const { body, params } = request;
        const [result] = await write(service, request, [
          { kind: 'put', side: 'boards', key: params.board, ...body },
        ]);
        return { body: { result } };
      },
    }),
    defineRoute({
      ...putCommon,
      path: '/v1/users/{user}',
      operationId: 'putUser',
      summary: 'Create a user, or replace what is said of them',
      params: z.strictObject({ user: storedKeySchema }),
      body: userRequest,
      handle: async (request) => {
        const { body, params } = request;
        const [result] = await write(service, request, [
          { kind: 'put', side: 'users', key: params.user, ...body },
        ]);
        return { body: { result } };
      },
    }),
    defineRoute({
      ...common,
      method: 'delete',
      path: '/v1/pins/{pin}',
      operationId: 'removePin',
      summary: 'Remove a pin with its saves',
      description: 'One that is not there is no fault. Answered once durable.',
      params: z.strictObject({ pin: storedKeySchema }),
      answer: { status: 200, description: 'The pin is gone', schema: removalResponse },
      handle: async (request) => {
        const [result] = await write(service, request, [{ kind: 'removePin', key: request.params.pin }]);
        return { body: { result } };
      },
    }),
  ];
}
