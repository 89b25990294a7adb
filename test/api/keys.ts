import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { noParameters } from '../../api/base/index.ts';
import { type Reply, type Route, defineRoute } from '../../api/http/index.ts';
import { type KeyScope, createKey } from '../../graph-data/index.ts';
import type { TestServer } from './server.ts';

export const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });

/** A new key that the server has read. */
export const keyFor = (server: TestServer, scope: KeyScope): { key: string; id: string } => {
  const { key, row } = createKey(server.folder, { scope }, randomBytes, Date.now());
  server.skippedMs += 1_000;
  return { key, id: row.id };
};

/** A route at `/v1/tests/{scope}/{id}`. */
export const routeOf = (scope: KeyScope, handle: (id: string) => Reply<Record<string, never>>): Route =>
  defineRoute({
    method: 'get',
    path: `/v1/tests/${scope}/{id}`,
    operationId: scope,
    tag: 'tests',
    summary: '',
    scope,
    params: z.strictObject({ id: z.string() }),
    query: noParameters,
    response: { status: 200, description: '', schema: z.strictObject({}) },
    problems: [],
    handle: ({ params }) => handle(params.id),
  });
