import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Route } from '../../api/http/index.ts';
import type { Example } from '../contract/examples/index.ts';
import { arbitraryOf } from './from-schema.ts';
import { oddEscapes, oddHeaders, oddValues } from './odd-values.ts';
import type { WireRequest } from './wire.ts';

/** A request to a route; `isBrokenHttp` when it never reaches one. */
export interface FuzzedRequest extends WireRequest {
  readonly route: Route;
  /** How it was mutated, or `valid`. */
  readonly mutation: string;
  readonly isBrokenHttp: boolean;
}

/** A request before it is serialised. */
interface Draft {
  readonly route: Route;
  method: string;
  path: string;
  query: [string, string][];
  headers: [string, string][];
  json: unknown;
  body: Uint8Array | undefined;
  isBrokenHttp: boolean;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const text = (draft: Draft): Buffer => (draft.body as Buffer) ?? json(draft.json ?? {});

/** Mutations of a request, by name. `odd` is a random number from 0 to 2^31. */
const mutations: Readonly<Record<string, (draft: Draft, odd: number) => void>> = {
  'odd value in the body': (draft, odd) => {
    draft.json = replaced(draft.json, odd, () => pick(oddValues, odd));
  },
  'extra field in the body': (draft, odd) => {
    const name = pick(['__proto__', 'constructor', 'x', '', 'toString', '😀', 'hasOwnProperty'], odd);
    draft.body = Buffer.from(
      JSON.stringify(draft.json ?? {})
        .replace('{', `{${JSON.stringify(name)}:${odd % 3},`)
        .replace(',}', '}'),
    );
  },
  'a body of another kind': (draft, odd) => {
    draft.json = pick(oddValues, odd);
  },
  'a deep body': (draft, odd) => {
    const depth = pick([100, 10_000], odd);
    draft.body = Buffer.from('[{"a":'.repeat(depth) + (odd % 2 === 0 ? '}]'.repeat(depth) : ''));
  },
  'a truncated body': (draft, odd) => {
    draft.body = text(draft).subarray(0, odd % Math.max(1, text(draft).length));
  },
  'a byte changed': (draft, odd) => {
    const bytes = Buffer.from(text(draft));
    bytes[odd % Math.max(1, bytes.length)] = odd % 256;
    draft.body = bytes;
  },
  'a byte order mark': (draft) => {
    draft.body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text(draft)]);
  },
  'UTF-16': (draft, odd) => {
    const bytes = Buffer.from(`\ufeff${text(draft).toString()}`, 'utf16le');
    draft.body = odd % 2 === 0 ? bytes : bytes.swap16();
  },
  'gzip where it is said': (draft) => {
    draft.body = gzipSync(text(draft));
    draft.headers.push(['Content-Encoding', 'gzip']);
  },
  'gzip cut short': (draft, odd) => {
    const zipped = gzipSync(text(draft));
    draft.body = zipped.subarray(0, odd % zipped.length);
    draft.headers.push(['Content-Encoding', 'gzip']);
  },
  'an odd header': (draft, odd) => {
    const [name, value] = pick(oddHeaders, odd);
    draft.headers = [...draft.headers.filter(([own]) => own !== name), [name, value]];
  },
  'a flood of headers': (draft, odd) => {
    const count = pick([90, 1_500, 3_000], odd);
    for (let i = 0; i < count; i++) draft.headers.push([`X-${i}`, 'y']);
    draft.isBrokenHttp = true;
  },
  'a wrong length': (draft, odd) => {
    draft.body = text(draft);
    const lengths = ['0', '1', String(draft.body.length + 10), '-1', 'x', '9'.repeat(30), '1e3', '0x5'];
    draft.headers = [...draft.headers, ['Content-Length', pick(lengths, odd)]];
    draft.isBrokenHttp = true;
  },
  chunks: (draft, odd) => {
    const body = text(draft);
    const size = pick([body.length.toString(16), 'fffffff', '-1', 'g', '0'], odd);
    draft.body = Buffer.from(`${size}\r\n${body.toString('latin1')}\r\n0\r\n\r\n`, 'latin1');
    draft.headers.push([
      'Transfer-Encoding',
      pick(['chunked', 'chunked, chunked', 'gzip, chunked', 'x'], odd >> 3),
    ]);
    draft.isBrokenHttp = true;
  },
  'another method': (draft, odd) => {
    const methods = [
      'TRACE',
      'PATCH',
      'OPTIONS',
      'HEAD',
      'PUT',
      'DELETE',
      'POST',
      'GET',
      'PROPFIND',
      'MADEUP',
      'get',
    ];
    draft.method = pick(methods, odd);
    draft.isBrokenHttp ||= ['MADEUP', 'get'].includes(draft.method);
  },
  'an odd path': (draft, odd) => {
    const segments = draft.path.split('/');
    segments[1 + (odd % Math.max(1, segments.length - 1))] = pick(oddEscapes, odd >> 4);
    draft.path = segments.join('/');
  },
  'another path': (draft, odd) => {
    draft.path = pick(
      ['/', '//', '/v1', '/v1/', '/V1/pins/basil/related', `${draft.path}/`, 'http://x/healthz', '*'],
      odd,
    );
  },
  'an odd query value': (draft, odd) => {
    const [name] = draft.query[0] ?? ['limit'];
    const values = [...oddValues.filter((value) => typeof value !== 'object').map(String), 'a'.repeat(9_000)];
    draft.query.push([encodeURIComponent(name), pick(values, odd)].map(escaped) as [string, string]);
  },
  'a parameter twice': (draft, odd) => {
    const [name, value] = pick(draft.query.length > 0 ? draft.query : [['limit', '1']], odd) as [
      string,
      string,
    ];
    draft.query.push([name, value]);
  },
  'an odd query string': (draft, odd) => {
    draft.query.push([pick(oddEscapes, odd), pick(oddEscapes, odd >> 5)]);
  },
};

/** Valid requests to a route, by its schemas. `known` are ids that exist. */
function validRequest(route: Route, known: readonly string[]): fc.Arbitrary<Draft> {
  const recordOf = (schema: Route['params'], io: 'input' | 'output') =>
    arbitraryOf(schema, io, known) as fc.Arbitrary<Record<string, unknown>>;
  return fc
    .record({
      params: recordOf(route.params, 'input'),
      query: recordOf(route.query, 'output'),
      body: route.body === undefined ? fc.constant(undefined) : arbitraryOf(route.body, 'input', known),
    })
    .map((parts) => draftOf(route, parts));
}

/** The parts of a request, before they are escaped. */
interface Parts extends Pick<Example, 'body'> {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

function draftOf(route: Route, { params = {}, query = {}, body }: Parts): Draft {
  return {
    route,
    method: route.method.toUpperCase(),
    path: route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(String(params[name]))),
    query: Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, escaped(String(value))]),
    headers: body === undefined ? [] : [['Content-Type', 'application/json']],
    json: body,
    body: undefined,
    isBrokenHttp: false,
  };
}

/** The request of an example, as it is. */
export function exampleRequest(route: Route, example: Example): FuzzedRequest {
  return { ...toWire(draftOf(route, example)), route, mutation: 'example' };
}

/**
 * Requests to a route, valid by its schemas or like an example that has succeeded: one in four is left so, the others
 * have one or two mutations.
 */
export function fuzzedRequest(
  route: Route,
  known: readonly string[],
  example: Example,
): fc.Arbitrary<FuzzedRequest> {
  const names = fc.subarray(Object.keys(mutations), { minLength: 1, maxLength: 2 });
  const some = fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: names });
  const odds = fc.tuple(fc.nat(), fc.nat());
  const drafts = fc.oneof(
    { weight: 3, arbitrary: validRequest(route, known) },
    { weight: 1, arbitrary: fc.constant(draftOf(route, example)) },
  );
  return fc.tuple(drafts, some, odds).map(([draft, chosen, odd]) => {
    const changed = copyOf(draft);
    for (const [i, name] of chosen.entries()) mutations[name]!(changed, odd[i]!);
    return Object.assign(toWire(changed), { route, mutation: chosen.join(', ') || 'valid' });
  });
}

function copyOf(draft: Draft): Draft {
  return { ...draft, query: [...draft.query], headers: [...draft.headers] };
}

function toWire({
  method,
  path,
  query,
  headers,
  json: value,
  body,
  isBrokenHttp,
}: Draft): Omit<FuzzedRequest, 'route' | 'mutation'> {
  const bytes = body ?? (value === undefined ? undefined : json(value));
  const hasLength = headers.some(([name]) => name === 'Content-Length' || name === 'Transfer-Encoding');
  const search = query.map(([name, text_]) => `${name}=${text_}`).join('&');
  return {
    method,
    target: search === '' ? path : `${path}?${search}`,
    headers: [
      ['Host', '127.0.0.1'],
      ['Connection', 'close'],
      ...headers,
      ...(bytes === undefined || hasLength ? [] : [['Content-Length', String(bytes.length)] as const]),
    ],
    body: bytes,
    isBrokenHttp,
  };
}

/** A path segment as clients encode it, with lone surrogates replaced. */
function escaped(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function pick<Value>(values: readonly Value[], odd: number): Value {
  return values[odd % values.length]!;
}

/** A copy with one nested value, chosen by `odd`, replaced. */
function replaced(value: unknown, odd: number, by: () => unknown): unknown {
  if (typeof value !== 'object' || value === null || odd % 7 === 0) return by();
  const keys = Object.keys(value);
  if (keys.length === 0) return by();
  const chosen = keys[odd % keys.length]!;
  const inner = replaced((value as Record<string, unknown>)[chosen], Math.floor(odd / keys.length), by);
  return Array.isArray(value) ? value.with(Number(chosen), inner) : { ...value, [chosen]: inner };
}
