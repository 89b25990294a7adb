import { randomBytes } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { createKey } from '../../graph-data/index.ts';
import { type Answer, type TestServer, serveForSuite } from '../api/server.ts';
import { type Operation, Document, documentedCodes, send } from './rest-document.ts';
import { type Example, type ExampleOf, examples, fillForExamples, unprovokable } from './rest-examples.ts';

/** The running server is held to its own /openapi.json: by ajv, which knows nothing of the schemas in the code. */

const server = serveForSuite(fillForExamples);
const withoutGraph = serveForSuite(fillForExamples, { isLoaded: false });
const withoutQueue = serveForSuite(fillForExamples, { settings: { queueMsMax: 0 } });
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

/** Every operation's problems that come from outside of its own work, provoked from its usual request. */
type Provoke = (operation: Operation, usual: ExampleOf) => Promise<Answer>;
const provoking: Readonly<Record<string, Provoke>> = {
  'invalid-request': async (operation, usual) => {
    const example = await made(usual, server);
    return send(operation, server, { ...example, query: { ...example.query, bogus: 1 } });
  },
  'body-too-large': async (operation, usual) =>
    send(operation, server, { ...(await made(usual, server)), body: 'x'.repeat(2 ** 20 + 1) }),
  'unsupported-media-type': async (operation, usual) => {
    const headers = { 'content-type': 'text/plain' };
    return send(operation, server, { ...(await made(usual, server)), body: 'x', headers });
  },
  'missing-key': async (operation, usual) => {
    // Past the minute in which so many may fail.
    withKeys.skippedMs += 61_000;
    return send(operation, withKeys, await made(usual, server));
  },
  'invalid-key': async (operation, usual) => {
    withKeys.skippedMs += 61_000;
    const headers = { authorization: 'Bearer pw_no_key' };
    return send(operation, withKeys, { ...(await made(usual, server)), headers });
  },
  // Without keys only pages of this machine may ask.
  'insufficient-scope': async (operation, usual) => {
    const headers = { origin: 'http://elsewhere.example' };
    return send(operation, server, { ...(await made(usual, server)), headers });
  },
  'rate-limited': async (operation, usual) => {
    const example = await made(usual, server);
    await send(operation, withLimit, example);
    return send(operation, withLimit, example);
  },
  'graph-not-ready': async (operation, usual) =>
    send(operation, withoutGraph, await made(usual, withoutGraph)),
  'storage-unavailable': async (operation, usual) => {
    const example = await made(usual, server);
    const other = openDatabase(server.folder);
    other.exec('BEGIN IMMEDIATE');
    const answer = await send(operation, server, example);
    other.close();
    return answer;
  },
  overloaded: async (operation, usual) => {
    const example = await made(usual, withoutQueue);
    const long = '/v1/pins/basil/related?algorithm=pixie&steps=2000000&randomSeed=';
    for (let attempt = 0; ; attempt++) {
      const busy = Promise.all([1, 2, 3, 4].map((seed) => withoutQueue.get(long + seed)));
      const answer = await send(operation, withoutQueue, example);
      await busy;
      if (answer.status === 503 || attempt === 20) return answer;
    }
  },
};

describe('the document', () => {
  test('is OpenAPI 3.1 to a validator of others', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openapi);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    expect((await new Validator().validate({ ...openapi, paths: [] })).valid).toBe(false);
  });

  test('has an example of every operation, and the other way round', () => {
    const ids = operations.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(examples).toSorted()).toEqual(ids.toSorted());
  });

  test('tells the parameters of each path, each with a type', () => {
    for (const { id, path, parameters } of operations) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect.soft(inPath, id).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      for (const { name, schema } of parameters) {
        expect.soft(schema, `${id} ${name}`).toHaveProperty('type');
      }
    }
  });

  test('has examples that its own schemas hold for', () => {
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
  test('answers its examples as documented, with every status of a success', async () => {
    for (const operation of operations) {
      const reached = new Set<string>();
      for (const example of examples[operation.id] ?? []) {
        const { problem, ...request } = await made(example, server);
        if (operation.hasBody) {
          expect.soft(document.bodyFaults(operation, request.body), operation.id).toBeUndefined();
        }
        const answer = await send(operation, server, request);
        document.expectForeseen(operation, answer);
        const told = `${operation.id} ${JSON.stringify(request)}`;
        expect.soft(answer.status < 400 ? undefined : answer.body.code, told).toBe(problem);
        if (answer.status < 400) reached.add(String(answer.status));
      }
      const successes = Object.keys(operation.responses).filter((status) => Number(status) < 400);
      expect.soft([...reached].toSorted(), operation.id).toEqual(successes);
    }
  });

  test('answers every problem that is documented for it', async () => {
    for (const operation of operations) {
      const [usual, ...others] = examples[operation.id]!;
      const own = await Promise.all(others.map((example) => made(example, server)));
      for (const code of Object.values(operation.responses).flatMap(documentedCodes)) {
        const told = `${operation.id} ${code}`;
        const example = own.find(({ problem }) => problem === code);
        const provoke = provoking[code];
        if (code in { ...unprovokable['*'], ...unprovokable[operation.id] }) continue;
        expect
          .soft(example ?? provoke, `${told} has neither an example nor a way to provoke it`)
          .toBeDefined();
        if (example === undefined && provoke === undefined) continue;
        const answer = await (example ? send(operation, server, example) : provoke!(operation, usual));
        expect.soft(answer.body.code, told).toBe(code);
        document.expectForeseen(operation, answer);
      }
    }
  });

  test('checks its query string by the documented types', async () => {
    for (const operation of operations) {
      const usual = await made(examples[operation.id]![0], server);
      for (const { name, in: place, schema } of operation.parameters) {
        const isText = schema.type === 'string' && schema.enum === undefined;
        if (place !== 'query' || isText) continue;
        const { body } = await send(operation, server, { ...usual, query: { ...usual.query, [name]: '' } });
        const told = `${operation.id} ${name} ${JSON.stringify(body)}`;
        expect.soft(body.code, told).toBe('invalid-request');
        expect.soft(body.errors?.[0].pointer.split('/')[1], told).toBe(name);
        expect.soft(body.errors?.[0].code, told).not.toBe('unknown-parameter');
      }
    }
  });

  test('answers HEAD as GET, without the body', async () => {
    for (const operation of operations.filter(({ method }) => method === 'get')) {
      const usual = await made(examples[operation.id]![0], server);
      const got = await send(operation, server, usual);
      const head = await send({ ...operation, method: 'head' }, server, usual);
      expect.soft(head, operation.id).toMatchObject({ status: got.status, body: undefined });
      expect.soft(head.headers.get('content-type'), operation.id).toBe(got.headers.get('content-type'));
    }
  });
});

test('every path refuses methods that it does not take', async () => {
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const answer = await server.get(path.replaceAll(/[{}]/g, ''), { method: 'PATCH' });
    expect.soft(answer.body, path).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect.soft(document.faultsOf(answer.body, 'components', 'schemas', 'Problem'), path).toBeUndefined();
    const methods = operations.filter((operation) => operation.path === path).map(({ method }) => method);
    if (methods.includes('get')) methods.push('head');
    const allowed = answer.headers.get('allow')?.toLowerCase().split(', ') ?? [];
    expect.soft(allowed.toSorted(), path).toEqual(methods.toSorted());
  }
});

describe('/llms.txt and /docs', () => {
  test('the guide has a call of every operation', async () => {
    const { body } = await server.get('/llms.txt');
    for (const { method, path } of operations) {
      expect.soft(body).toContain(`\n### ${method.toUpperCase()} ${path}\n`);
    }
    expect(body.match(/^ {4}curl /gm)).toHaveLength(operations.length);
    expect(body).toContain('/openapi.json');
  });

  test('the page loads nothing from elsewhere, and runs under a strict content security policy', async () => {
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
