import { z } from 'zod';
import { type Reply, type Route, defineRoute } from '../http/index.ts';
import { Problem, jsonText, noParameters, problemSchema } from '../base/index.ts';
import { describeApi, guideOf, readPage } from '../http/openapi/index.ts';

const yearSeconds = 365 * 24 * 3600;

/** The documentation of the API, made once from all of its routes. */
export function documentationRoutes(others: readonly Route[]): Route[] {
  const page = readPage();
  const pageFile = (name: string): Reply<string> => {
    const file = page.get(name);
    if (file === undefined) throw new Problem('unknown-route', `there is no ${name}`);
    const cacheControl = file.isVersioned ? `public, max-age=${yearSeconds}, immutable` : 'no-cache';
    return { body: file.text, headers: { 'Content-Type': file.type, 'Cache-Control': cacheControl } };
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
      handle: () => ({ body: documentText }),
    }),
    defineRoute({
      ...common,
      path: '/llms.txt',
      operationId: 'guide',
      summary: 'A short guide for language models',
      response: { status: 200, description: 'Markdown', type: 'text/plain; charset=utf-8' },
      handle: () => ({ body: guide }),
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
  const document = describeApi([...others, ...own], problemSchema);
  const documentText = jsonText<{ readonly openapi: string }>(document);
  const guide = guideOf(document);
  return own;
}
