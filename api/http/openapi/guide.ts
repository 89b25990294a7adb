import type { oas32 } from 'zod-openapi';
import type { ApiDocument } from './document.ts';

type Operation = NonNullable<NonNullable<ApiDocument['paths']>[string]['get']>;

/** `/llms.txt`: the service and all its calls in plain text, for language models. */
export function guideOf(document: ApiDocument): string {
  const { info, tags = [], paths = {} } = document;
  const calls = Object.entries(paths).flatMap(([path, { get, post, put, delete: remove }]) =>
    Object.entries({ get, post, put, delete: remove }).flatMap(([method, operation]) =>
      operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }],
    ),
  );
  const printed = new Map<string, string>();
  const sections = tags.map(({ name }) => {
    const own = calls.filter(({ operation }) => operation.tags?.includes(name));
    return [`## ${name}`, ...own.map((call) => formatCall(call, printed))].join('\n\n');
  });
  return `# ${info.title}

> ${info.summary}

${info.description}
- If the server has API keys, send one: \`Authorization: Bearer KEY\`.

Below, BASE is the address of this server, such as http://127.0.0.1:3000; the examples use the npm sample, whose pins are
npm packages. Ranges, defaults and schemas of every call: [OpenAPI 3.1](/openapi.json). A page for people:
[docs](/docs).

${sections.join('\n\n')}
`;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** `printed`: the query strings of the calls above, each printed once, by their first path. */
function formatCall({ method, path, operation }: Call, printed: Map<string, string>): string {
  const parameters = (operation.parameters ?? []) as oas32.ParameterObject[];
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required }) => `\`${name}\`${required === true ? ' (required)' : ''}`)
    .join(', ');
  const before = printed.get(query);
  if (before === undefined) printed.set(query, path);
  const example = parameters.reduce(
    (url, { name, example: value }) =>
      value === undefined ? url : url.replace(`{${name}}`, encodeURIComponent(String(value))),
    path,
  );
  return [
    `### ${method} ${path}`,
    `${operation.summary}. ${operation.description ?? ''}`.trimEnd(),
    ...(query === '' ? [] : [`Query string: ${before === undefined ? query : `that of ${before}`}.`]),
    `    curl ${method === 'GET' ? '' : `-X ${method} `}'BASE${example}'${bodyArguments(operation)}`,
  ].join('\n\n');
}

function bodyArguments({ requestBody }: Operation): string {
  if (requestBody === undefined || !('content' in requestBody)) return '';
  const { example } = requestBody.content['application/json'] as { example?: unknown };
  const body =
    example === undefined ? '@body.json' : JSON.stringify(example).replaceAll("'", String.raw`'\''`);
  return ` -H 'Content-Type: application/json' -d '${body}'`;
}
