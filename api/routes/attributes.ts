import { z } from 'zod';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import {
  boardRequest,
  pinRequest,
  putResponse,
  removalResponse,
  storedKeySchema,
  userRequest,
} from '../contract/index.ts';
import { writeOne, writeProblems } from './write.ts';

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
    'Replaces all attributes: omitted ones are removed. Saves stay. Responds once the change is durable.',
  response: { status: 200, description: 'Created or replaced', schema: putResponse },
} as const;

/** Attributes of pins, boards and users, and the removal of pins. */
export function attributeRoutes(service: Service): Route[] {
  return [
    defineRoute({
      ...putCommon,
      path: '/v1/pins/{pin}',
      operationId: 'putPin',
      summary: 'Create a pin, or replace its attributes',
      params: z.strictObject({ pin: storedKeySchema }),
      body: pinRequest,
      handle: async (request) =>
        writeOne(service, request, {
          kind: 'put',
          nodeKind: 'pins',
          key: request.params.pin,
          ...request.body,
        }),
    }),
    defineRoute({
      ...putCommon,
      path: '/v1/boards/{board}',
      operationId: 'putBoard',
      summary: 'Create a board, or replace its attributes',
      params: z.strictObject({ board: storedKeySchema }),
      body: boardRequest,
      handle: async (request) =>
        writeOne(service, request, {
          kind: 'put',
          nodeKind: 'boards',
          key: request.params.board,
          ...request.body,
        }),
    }),
    defineRoute({
      ...putCommon,
      path: '/v1/users/{user}',
      operationId: 'putUser',
      summary: 'Create a user, or replace their attributes',
      params: z.strictObject({ user: storedKeySchema }),
      body: userRequest,
      handle: async (request) =>
        writeOne(service, request, {
          kind: 'put',
          nodeKind: 'users',
          key: request.params.user,
          ...request.body,
        }),
    }),
    defineRoute({
      ...common,
      method: 'delete',
      path: '/v1/pins/{pin}',
      operationId: 'removePin',
      summary: 'Remove a pin with its saves',
      description:
        'A pin that does not exist is not an error. The response comes once the removal is durable.',
      params: z.strictObject({ pin: storedKeySchema }),
      response: { status: 200, description: 'The pin is removed', schema: removalResponse },
      handle: async (request) => writeOne(service, request, { kind: 'removePin', key: request.params.pin }),
    }),
  ];
}
