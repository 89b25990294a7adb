import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { Answer, TestServer } from '../api/server.ts';
import type { Example } from './examples/index.ts';

/** One call of the OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: { type?: string; enum?: string[] } }[];
  readonly hasBody: boolean;
  /** An example in the document. */
  readonly bodyExample: unknown;
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>;
}

interface OperationSpec extends Pick<Operation, 'responses'>, Partial<Pick<Operation, 'parameters'>> {
  readonly operationId: string;
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly example?: unknown } };
  };
}

/** The OpenAPI document of a running server, with ajv to validate by it. */
export class Document {
  readonly operations: readonly Operation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: { readonly paths: Readonly<Record<string, Record<string, OperationSpec>>> }) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'openapi');
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, spec]) => {
        const { operationId: id, parameters = [], requestBody, responses } = spec;
        const hasBody = requestBody !== undefined;
        const bodyExample = requestBody?.content['application/json'].example;
        return { id, method, path, parameters, hasBody, bodyExample, responses };
      }),
    );
  }

  /** Faults of a value by the schema at the steps of a JSON Pointer into the document. */
  faultsOf(value: unknown, ...steps: string[]): unknown {
    const escaped = steps.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'));
    const validate = this.#ajv.compile({ $ref: `openapi#/${escaped.map(encodeURIComponent).join('/')}` });
    return validate(value) ? undefined : validate.errors;
  }

  /** Faults of a request's body. */
  bodyFaults({ path, method }: Operation, body: unknown): unknown {
    const at = ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'];
    return this.faultsOf(body, ...at);
  }

  /** Asserts that the document has the response: its status, media type, headers and body. */
  expectDocumented({ id, method, path, responses }: Operation, response: Answer): void {
    const status = String(response.status);
    const label = `${id} ${status} ${JSON.stringify(response.body)?.slice(0, 200)}`;
    const documented = responses[status];
    expect.soft(documented, label).toBeDefined();
    for (const name of Object.keys(documented?.headers ?? {})) {
      expect.soft(response.headers.get(name), `${label}: ${name}`).not.toBeNull();
    }
    if (documented?.content === undefined) {
      expect.soft(response.body, label).toBeUndefined();
      return;
    }
    const sent = response.headers.get('content-type')?.split(';')[0] ?? '';
    const type = Object.keys(documented.content).find((each) => each === sent || each === '*/*');
    expect.soft(type, `${label}: ${sent}`).toBeDefined();
    if (type === undefined) return;
    const at = ['paths', path, method, 'responses', status, 'content', type, 'schema'];
    expect.soft(this.faultsOf(response.body, ...at), label).toBeUndefined();
    if (response.status < 400) return;
    expect.soft(response.body.status, label).toBe(response.status);
    expect.soft(documentedCodes(documented), label).toContain(response.body.code);
  }
}

/** The examples of a problem response are named by its codes. */
export function documentedCodes(response: DocumentedResponse): string[] {
  return Object.keys(response.content?.['application/problem+json']?.examples ?? {});
}

/** Makes a request of an operation. */
export function send(
  { method, path, hasBody }: Operation,
  on: TestServer,
  { params = {}, query = {}, body, headers }: Example,
): Promise<Answer> {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return on.get(search.length === 0 ? url : `${url}?${search.join('&')}`, {
    method: method.toUpperCase(),
    redirect: 'manual',
    ...(hasBody && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...headers },
  });
}
