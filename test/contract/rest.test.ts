import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type TestServer, serveForSuite } from '../api/server.ts';
import { type Example, type ExampleOf, examples, fillForExamples, unprovokable } from './rest-examples.ts';

/** The running server is held to its own /openapi.json: by ajv, which knows nothing of the schemas in the code. */

const server = serveForSuite(fillForExamples);
const withoutGraph = serveForSuite(fillForExamples, { isLoaded: false });
const withoutQueue = serveForSuite(fillForExamples, { queueMsMax: 0 });

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: { type?: string; enum?: string[] } }[];
  readonly hasBody: boolean;
  readonly responses: Readonly<Record<string, Response>>;
}
interface OperationSpec extends Pick<Operation, 'responses'>, Partial<Pick<Operation, 'parameters'>> {
  readonly operationId: string;
  readonly requestBody?: object;
}
interface Response {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { examples?: Record<string, unknown> }>>;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
let operations: Operation[] = [];
let paths: Record<string, Record<string, OperationSpec>> = {};

beforeAll(async () => {
  const { body } = await server.get('/openapi.json');
  ajv.addSchema(body, 'openapi');
  paths = body.paths as typeof paths;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, spec]) => {
      const { operationId: id, parameters = [], requestBody, responses } = spec;
      return { id, method, path, parameters, hasBody: requestBody !== undefined, responses };
    }),
  );
});

/** Faults of a value by the schema at a JSON Pointer's steps into the document. */
function faultsOf(value: unknown, ...steps: string[]): unknown {
  const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = ajv.compile({ $ref: `openapi#/${pointer.join('/')}` });
  return validate(value) ? undefined : validate.errors;
}

function send({ method, path, hasBody }: Operation, on: TestServer, example: Example): Promise<Answer> {
  const { params = {}, query = {}, body, headers } = example;
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return on.get(search.length === 0 ? url : `${url}?${search.join('&')}`, {
    method: method.toUpperCase(),
    ...(hasBody && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...headers },
  });
}

/** An answer is one that the document foresees: its status, media type, headers and body. */
function expectDocumented({ id, method, path, responses }: Operation, answer: Answer): void {
  const status = String(answer.status);
  const told = `${id} ${status} ${JSON.stringify(answer.body)?.slice(0, 200)}`;
  const response = responses[status];
  expect.soft(response, told).toBeDefined();
  for (const name of Object.keys(response?.headers ?? {})) {
    expect.soft(answer.headers.get(name), `${told}: ${name}`).not.toBeNull();
  }
  const sent = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const type = Object.keys(response?.content ?? {}).find((each) => each === sent || each === '*/*');
  if (response?.content === undefined) {
    expect.soft(answer.body, told).toBeUndefined();
    return;
  }
  expect.soft(type, `${told}: ${sent}`).toBeDefined();
  const at = ['paths', path, method, 'responses', status, 'content', type ?? '', 'schema'];
  expect.soft(faultsOf(answer.body, ...at), told).toBeUndefined();
  if (answer.status >= 400) {
    expect.soft(answer.body.status, told).toBe(answer.status);
    expect.soft(documentedCodes(responses[status]!), told).toContain(answer.body.code);
  }
}

/** The examples of a problem answer name the codes that it can have. */
function documentedCodes(response: Response): string[] {
  return Object.keys(response.content?.['application/problem+json']?.examples ?? {});
}

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
  'body-too-large': (operation) => send(operation, server, { body: 'x'.repeat(2 ** 20 + 1) }),
  'unsupported-media-type': (operation) =>
    send(operation, server, { body: 'x', headers: { 'content-type': 'text/plain' } }),
  'graph-not-ready': async (operation, usual) =>
    send(operation, withoutGraph, await made(usual, withoutGraph)),
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
    const { body } = await server.get('/openapi.json');
    const { valid, errors } = await validator.validate(body);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    expect((await new Validator().validate({ ...body, paths: [] })).valid).toBe(false);
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
});

describe('every operation', () => {
  test('answers its examples as documented, with every status of a success', async () => {
    for (const operation of operations) {
      const reached = new Set<string>();
      for (const example of examples[operation.id] ?? []) {
        const { problem, ...request } = await made(example, server);
        if (operation.hasBody) {
          const at = [
            'paths',
            operation.path,
            operation.method,
            'requestBody',
            'content',
            'application/json',
          ];
          expect.soft(faultsOf(request.body, ...at, 'schema'), operation.id).toBeUndefined();
        }
        const answer = await send(operation, server, request);
        expectDocumented(operation, answer);
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
        expectDocumented(operation, answer);
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
  for (const path of Object.keys(paths)) {
    const answer = await server.get(path.replaceAll(/[{}]/g, ''), { method: 'PATCH' });
    expect.soft(answer.body, path).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect.soft(faultsOf(answer.body, 'components', 'schemas', 'Problem'), path).toBeUndefined();
    const methods = Object.keys(paths[path]!).flatMap((method) =>
      method === 'get' ? ['get', 'head'] : method,
    );
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
