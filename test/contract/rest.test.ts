import { randomBytes } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { createKey } from '../../graph-data/index.ts';
import { type Answer, type TestServer, serveForSuite } from '../api/server.ts';
import { type Operation, Document, documentedCodes, send } from './rest-document.ts';
import { type Example, type ExampleOf, examples, fillForExamples, unprovokable } from './examples/index.ts';

/** Validates a running server against its own /openapi.json, by ajv, which knows nothing of the schemas in the code. */

const server = serveForSuite(fillForExamples);
const withoutGraph = serveForSuite(fillForExamples, { isLoaded: false });
const withoutQueue = serveForSuite(fillForExamples, {
  settings: { queueMsMax: 0 },
  serving: { lightWorkMax: Infinity },
});
const withKeys = serveForSuite(async (folder) => {
  await fillForExamples(folder);
  createKey(folder, { scope: 'read' }, randomBytes, 0);
});
const withLimit = serveForSuite(fillForExamples, { settings: { rateLimitPerMinute: 1 } });

// eslint-disable-next-line typescript/no-explicit-any
let openapi: any;
let document: Document;
let operations: readonly Operation[] = [];

beforeAll(async () => {
  openapi = (await server.get('/openapi.json')).body;
  document = new Document(openapi);
  ({ operations } = document);
});

async function made(example: ExampleOf, on: TestServer): Promise<Example> {
  return typeof example === 'function' ? await example(on) : example;
}

/** Provokes the problems that any operation may have, from its default request. */
type Provoke = (operation: Operation, standard: ExampleOf) => Promise<Answer>;
const provoking: Readonly<Record<string, Provoke>> = {
  'invalid-request': async (operation, standard) => {
    const example = await made(standard, server);
    return send(operation, server, { ...example, query: { ...example.query, bogus: 1 } });
  },
  'body-too-large': async (operation, standard) =>
    send(operation, server, { ...(await made(standard, server)), body: 'x'.repeat(2 ** 20 + 1) }),
  'headers-too-large': async (operation, standard) => {
    const example = await made(standard, server);
    return send(operation, server, { ...example, headers: { 'x-long': 'x'.repeat(2 ** 14) } });
  },
  'unsupported-media-type': async (operation, standard) => {
    const headers = { 'content-type': 'text/plain' };
    return send(operation, server, { ...(await made(standard, server)), body: 'x', headers });
  },
  'missing-key': async (operation, standard) => {
    // Past the minute of the failure limit.
    withKeys.skippedMs += 61_000;
    return send(operation, withKeys, await made(standard, server));
  },
  'invalid-key': async (operation, standard) => {
    withKeys.skippedMs += 61_000;
    const headers = { authorization: 'Bearer pw_no_key' };
    return send(operation, withKeys, { ...(await made(standard, server)), headers });
  },
  // Without keys, only pages of this server may send requests.
  'insufficient-scope': async (operation, standard) => {
    const headers = { origin: 'http://elsewhere.example' };
    return send(operation, server, { ...(await made(standard, server)), headers });
  },
  'rate-limited': async (operation, standard) => {
    const example = await made(standard, server);
    await send(operation, withLimit, example);
    return send(operation, withLimit, example);
  },
  'graph-not-ready': async (operation, standard) =>
    send(operation, withoutGraph, await made(standard, withoutGraph)),
  'storage-unavailable': async (operation, standard) => {
    const example = await made(standard, server);
    const other = openDatabase(server.folder);
    other.exec('BEGIN IMMEDIATE');
    const response = await send(operation, server, example);
    other.close();
    return response;
  },
  overloaded: async (operation, standard) => {
    const example = await made(standard, withoutQueue);
    const long = '/v1/pins/basil/related?algorithm=pixie&steps=2000000&randomSeed=';
    for (let attempt = 0; ; attempt++) {
      const busy = Promise.all([1, 2, 3, 4].map((seed) => withoutQueue.get(long + seed)));
      const response = await send(operation, withoutQueue, example);
      await busy;
      if (response.status === 503 || attempt === 20) return response;
    }
  },
};

describe('the document', () => {
  test('the document is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openapi);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    expect((await new Validator().validate({ ...openapi, paths: [] })).valid).toBe(false);
  });

  test('every operation has an example, and every example an operation', () => {
    const ids = operations.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(examples).toSorted()).toEqual(ids.toSorted());
  });

  test('the document has every path parameter, with its type', () => {
    for (const { id, path, parameters } of operations) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect.soft(inPath, id).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      for (const { name, schema } of parameters) {
        expect.soft(schema, `${id} ${name}`).toHaveProperty('type');
      }
    }
  });

  test('the examples of the document are valid by its schemas', () => {
    const { components } = openapi;
    for (const [name, { examples: own = [] }] of Object.entries<{ examples?: unknown[] }>(
      components.schemas,
    )) {
      for (const example of own) {
        expect.soft(document.faultsOf(example, 'components', 'schemas', name), name).toBeUndefined();
      }
    }
    for (const [code, { value }] of Object.entries<{ value: unknown }>(components.examples)) {
      expect.soft(document.faultsOf(value, 'components', 'schemas', 'Problem'), code).toBeUndefined();
    }
    for (const operation of operations.filter(({ bodyExample }) => bodyExample !== undefined)) {
      const faults = document.bodyFaults(operation, operation.bodyExample);
      expect.soft(faults, operation.id).toBeUndefined();
    }
  });
});

describe('every operation', () => {
  test('every operation responds to its examples as documented, with every success status', async () => {
    for (const operation of operations) {
      const reached = new Set<string>();
      for (const example of examples[operation.id] ?? []) {
        const { problem, ...request } = await made(example, server);
        if (operation.hasBody) {
          const faults = document.bodyFaults(operation, request.body);
          expect.soft(faults === undefined, operation.id).toBe(problem !== 'invalid-filter');
        }
        const response = await send(operation, server, request);
        document.expectDocumented(operation, response);
        const label = `${operation.id} ${JSON.stringify(request)}`;
        expect.soft(response.status < 400 ? undefined : response.body.code, label).toBe(problem);
        if (response.status < 400) reached.add(String(response.status));
      }
      const successes = Object.keys(operation.responses).filter((status) => Number(status) < 400);
      expect.soft([...reached].toSorted(), operation.id).toEqual(successes);
    }
  });

  test('every operation responds with each documented problem', async () => {
    for (const operation of operations) {
      const [standard, ...others] = examples[operation.id]!;
      const own = await Promise.all(others.map((example) => made(example, server)));
      for (const code of Object.values(operation.responses).flatMap(documentedCodes)) {
        const label = `${operation.id} ${code}`;
        const example = own.find(({ problem }) => problem === code);
        const provoke = provoking[code];
        if (code in { ...unprovokable['*'], ...unprovokable[operation.id] }) continue;
        expect
          .soft(example ?? provoke, `${label} has neither an example nor a way to provoke it`)
          .toBeDefined();
        if (example === undefined && provoke === undefined) continue;
        const response = await (example ? send(operation, server, example) : provoke!(operation, standard));
        expect.soft(response.body.code, label).toBe(code);
        document.expectDocumented(operation, response);
      }
    }
  });

  test('every operation checks its query string by the documented types', async () => {
    for (const operation of operations) {
      const standard = await made(examples[operation.id]![0], server);
      for (const { name, in: place, schema } of operation.parameters) {
        const isText = schema.type === 'string' && schema.enum === undefined;
        if (place !== 'query' || isText) continue;
        const { body } = await send(operation, server, {
          ...standard,
          query: { ...standard.query, [name]: '' },
        });
        const label = `${operation.id} ${name} ${JSON.stringify(body)}`;
        expect.soft(body.code, label).toBe('invalid-request');
        expect.soft(body.errors?.[0].pointer.split('/')[1], label).toBe(name);
        expect.soft(body.errors?.[0].code, label).not.toBe('unknown-parameter');
      }
    }
  });

  test('every operation responds to HEAD as to GET, without the body', async () => {
    for (const operation of operations.filter(({ method }) => method === 'get')) {
      const standard = await made(examples[operation.id]![0], server);
      const got = await send(operation, server, standard);
      const head = await send({ ...operation, method: 'head' }, server, standard);
      expect.soft(head, operation.id).toMatchObject({ status: got.status, body: undefined });
      expect.soft(head.headers.get('content-type'), operation.id).toBe(got.headers.get('content-type'));
    }
  });
});

test('every path refuses other methods', async () => {
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const response = await server.get(path.replaceAll(/[{}]/g, ''), { method: 'PATCH' });
    expect.soft(response.body, path).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect.soft(document.faultsOf(response.body, 'components', 'schemas', 'Problem'), path).toBeUndefined();
    const methods = operations.filter((operation) => operation.path === path).map(({ method }) => method);
    if (methods.includes('get')) methods.push('head');
    const allowed = response.headers.get('allow')?.toLowerCase().split(', ') ?? [];
    expect.soft(allowed.toSorted(), path).toEqual(methods.toSorted());
  }
});

describe('/llms.txt and /docs', () => {
  test('/llms.txt has a call of every operation', async () => {
    const { body } = await server.get('/llms.txt');
    for (const { method, path } of operations) {
      expect.soft(body).toContain(`\n### ${method.toUpperCase()} ${path}\n`);
    }
    expect(body.match(/^ {4}curl /gm)).toHaveLength(operations.length);
    expect(body).toContain('/openapi.json');
  });

  test('/docs loads nothing from other servers, and runs under a strict content security policy', async () => {
    const { body } = await server.get('/docs');
    const loaded = [...body.matchAll(/(?:src|href|url)="([^"]*)"/g)].map(([, url]) => url as string);
    expect(loaded.filter((url) => url.startsWith('/docs/'))).toHaveLength(2);
    for (const url of loaded.filter((each) => each !== 'data:,')) {
      expect(url).toMatch(/^\/[a-z]/);
      expect((await server.get(url)).status, url).toBe(200);
    }
    expect(body).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=/);
    const script = await server.get(loaded.find((url) => url.endsWith('.js'))!);
    expect(script.headers.get('cache-control')).toContain('immutable');
  });
});
