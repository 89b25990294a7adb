import { z } from 'zod';
import { type Reply, type Route, defineRoute } from '../http/index.ts';
import { Problem, jsonBytes, noParameters, problemSchema } from '../base/index.ts';
import type { readPage } from '../http/openapi/index.ts';

const yearSeconds = 365 * 24 * 3600;

/** The documentation of the API, made once from all of its routes, for its first reader: few servers have one. */
export function documentationRoutes(others: readonly Route[]): Route[] {
  let made: Promise<Documentation> | undefined;
  const documentation = (): Promise<Documentation> => (made ??= makeDocumentation([...others, ...own]));
  const pageFile = async (name: string): Promise<Reply<string>> => {
    const file = (await documentation()).page.get(name);
    if (file === undefined) throw new Problem('unknown-route', `there is no ${name}`);
    const cacheControl = file.isVersioned ? `public, max-age=${yearSeconds}, immutable` : 'no-cache';
    return { body: file.bytes, headers: { 'Content-Type': file.type, 'Cache-Control': cacheControl } };
  };
  const common = {
    method: 'get',
    tag: 'documentation',
    scope: 'open',
    params: noParameters,
    query: noParameters,
    problems: [],
  } as const;
  const own = [
    defineRoute({
      ...common,
      path: '/openapi.json',
      operationId: 'openapi',
      summary: 'This API as an OpenAPI 3.1 document',
      response: { status: 200, description: 'The document', schema: z.looseObject({ openapi: z.string() }) },
      handle: async () => ({ body: (await documentation()).document }),
    }),
    defineRoute({
      ...common,
      path: '/llms.txt',
      operationId: 'guide',
      summary: 'A short guide for language models',
      response: { status: 200, description: 'Markdown', type: 'text/plain; charset=utf-8' },
      handle: async () => ({ body: (await documentation()).guide }),
    }),
    defineRoute({
      ...common,
      path: '/docs',
      operationId: 'docs',
      summary: 'A page to read about and try every call',
      response: { status: 200, description: 'The page', type: 'text/html; charset=utf-8' },
      handle: () => pageFile('index.html'),
    }),
    defineRoute({
      ...common,
      path: '/docs/{file}',
      operationId: 'docsFile',
      summary: 'A file of the docs page',
      params: z.strictObject({ file: z.string().meta({ examples: ['docs.css'] }) }),
      response: { status: 200, description: 'A style sheet or a script', type: '*/*' },
      problems: ['unknown-route'],
      handle: ({ params: { file } }) => pageFile(file),
    }),
  ];
  return own;
}

interface Documentation {
  readonly document: Buffer;
  readonly guide: Buffer;
  readonly page: ReturnType<typeof readPage>;
}

async function makeDocumentation(routes: readonly Route[]): Promise<Documentation> {
  const { describeApi, guideOf, readPage } = await import('../http/openapi/index.ts');
  const document = describeApi(routes, problemSchema);
  return {
    document: Buffer.from(jsonBytes(document)),
    guide: Buffer.from(guideOf(document)),
    page: readPage(),
  };
}
