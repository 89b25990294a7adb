import {
  type ZodOpenApiMediaTypeObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverrideContext,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
  createDocument,
  type oas31,
  type oas32,
} from 'zod-openapi';
import { z } from 'zod';
import type { Route } from '../route.ts';
import { Problem, type ProblemCode, idempotencyKeySchema, problemTypes } from '../../base/index.ts';
import { suitGenerators } from './suit-generators.ts';
import { version } from '../../../graph-data/base/index.ts';

export type ApiDocument = ReturnType<typeof createDocument>;

/** The OpenAPI 3.1 document of the routes: requests, responses and problems. */
export function describeApi(routes: readonly Route[], problemSchema: z.ZodType): ApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: describeCall(route, problemSchema) };
  }
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'pinwalk',
        version,
        summary: 'What goes with this? Recommendations by random walks over saves.',
        description: about,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'The server that serves this document' }],
      tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
      paths,
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: aboutKeys },
        },
        headers: {
          RequestId: { description: 'Identifies the request, also in the log', schema: { type: 'string' } },
          RetryAfter: { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
        },
        examples: Object.fromEntries(allCodes.map((code) => [code, exampleOf(code)])),
      },
    },
    { override: omitSafeIntegerBounds },
  );
  moveDescriptions(document);
  for (const schema of Object.values(document.components?.schemas ?? {})) {
    if (typeof schema === 'object') suitGenerators(schema as oas31.SchemaObject);
  }
  return document;
}

const about = `Recommendations from saves: people save **pins** to **boards**.

- Keys of pins, boards and users are the application's own strings, percent-encoded in paths.
- Unknown parameters are errors, never ignored. Every GET also supports HEAD.
- Writes return their position in the change log, \`Pinwalk-Position\`. A read that sends this header waits until the server has reached it,
  or gets 503 \`position-not-reached\`: a client reads what it has written, on any server.
- Errors are \`application/problem+json\` (RFC 9457); \`code\` is one of a closed list, and \`errors\` points at every
  fault of the request. In addition to the problems of each call, an unknown path gets 404 \`unknown-route\`, and an unsupported
  method 405 \`method-not-allowed\`, with \`Allow\`; with a damaged database, any call may get 503 \`storage-unavailable\`.`;

const aboutKeys =
  'An API key of scope `read`, `write` or `admin`; each includes those before it. Required once keys exist.';

const allCodes = Object.keys(problemTypes) as ProblemCode[];

function describeCall(route: Route, problemSchema: z.ZodType): ZodOpenApiOperationObject {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    security: route.scope === 'open' ? [] : [{ key: [route.scope] }],
    requestParams: {
      path: route.params,
      query: route.query,
      ...(route.takesIdempotencyKey === true && { header: idempotencyHeader }),
    } as NonNullable<ZodOpenApiOperationObject['requestParams']>,
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': bodyOf(route.body), ...streamOf(route) },
      },
    }),
    responses: { [route.response.status]: describeSuccess(route), ...describeProblems(route, problemSchema) },
  };
}

const idempotencyHeader = z.object({
  'Idempotency-Key': idempotencyKeySchema.optional().meta({
    description:
      'Identifies this request, 1 to 255 visible ASCII characters. Repeated within 24 hours, it returns the first ' +
      'response and changes nothing; with another meaning it is refused. Not for streams.',
  }),
});

function streamOf({ stream }: Route): Record<string, ZodOpenApiMediaTypeObject> {
  return stream === undefined
    ? {}
    : { [stream.type]: { schema: { type: 'string', description: stream.description } } };
}

/** JSON Schema has no place for the examples of a transformed body: they are given next to it. */
function bodyOf(schema: z.ZodType): ZodOpenApiMediaTypeObject {
  const example = schema.meta()?.examples?.[0];
  return { schema, ...(example !== undefined && { example }) };
}

function describeSuccess({ response: { description, schema, type } }: Route): ZodOpenApiResponseObject {
  const headers = { 'X-Request-Id': requestIdHeader };
  if (schema) return { description, headers, content: { 'application/json': { schema } } };
  if (type === undefined) return { description, headers };
  const mediaType = type.split(';')[0]!;
  return { description, headers, content: { [mediaType]: { schema: { type: 'string' } } } };
}

/** The problems of a call: its own and those of every call of its kind, in the order of the list. */
function problemCodes({ problems, scope, body }: Route): ProblemCode[] {
  const possible = new Set<string>([
    ...problems,
    'invalid-request',
    'headers-too-large',
    'internal',
    ...(scope === 'open' ? [] : ['rate-limited', 'missing-key', 'invalid-key', 'insufficient-scope']),
    ...(body === undefined ? [] : ['body-too-large', 'unsupported-media-type']),
  ]);
  return allCodes.filter((code) => possible.has(code));
}

function describeProblems(route: Route, schema: z.ZodType): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(problemCodes(route), (code) => problemTypes[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, describeStatus(status, codes, schema)]),
  );
}

/** The examples are named by code: readers and tests see there which problems a status may mean. */
function describeStatus(
  status: number,
  codes: readonly ProblemCode[],
  schema: z.ZodType,
): ZodOpenApiResponseObject {
  const canRetry = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${problemTypes[code].title}`).join('; '),
    headers: { 'X-Request-Id': requestIdHeader, ...(canRetry && { 'Retry-After': retryAfterHeader }) },
    content: {
      'application/problem+json': {
        schema,
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

const requestIdHeader = { $ref: '#/components/headers/RequestId' };
const retryAfterHeader = { $ref: '#/components/headers/RetryAfter' };

function exampleOf(code: ProblemCode): { summary: string; value: object } {
  const { title } = problemTypes[code];
  return { summary: title, value: new Problem(code, title).body('/v1/…', '01M7YKNQ2GHQKTDPDR08JK3ZSG') };
}

/** The bounds of JavaScript's safe integers are not part of the API. */
function omitSafeIntegerBounds({ jsonSchema }: ZodOpenApiOverrideContext): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** Moves descriptions from the schema of a parameter to the parameter, where tools show them. */
function moveDescriptions({ paths = {} }: ApiDocument): void {
  const parameters = Object.values(paths)
    .flatMap(({ get, post, put, delete: remove }) => [get, post, put, remove])
    .flatMap((operation) => operation?.parameters ?? []);
  for (const parameter of parameters) {
    if (!('schema' in parameter)) continue;
    const { description, examples, ...schema } = parameter.schema as oas32.SchemaObjectValue;
    parameter.schema = schema;
    if (description !== undefined) parameter.description = description;
    if (examples !== undefined) parameter.example = examples[0];
  }
}
