import type { ProblemCode } from '../../../api/index.ts';
import { type DataFolder, importFiles } from '../../../graph-data/index.ts';
import type { TestServer } from '../../api/server.ts';
import { writeInput } from '../../data-folders.ts';
import { topicSaves } from '../../topics.ts';

/** One request of an operation of the OpenAPI document, and its expected outcome. */
export interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the response is a success. */
  readonly problem?: ProblemCode;
}

/** An example, or a function that makes one by calling the server first. */
export type ExampleOf = Example | ((server: TestServer) => Promise<Example>);

/**
 * Requests by operationId. The first is the default, from which rest.test.ts provokes the problems of every operation;
 * the others cover further forms of the response, and each problem of the operation itself.
 */
export type Examples = Readonly<Record<string, readonly [ExampleOf, ...ExampleOf[]]>>;

/** The graph of the examples. */
export async function fillForExamples(folder: DataFolder): Promise<void> {
  const saves = [
    'ann pasta basil',
    'ann pasta tomato',
    'ann pasta garlic',
    'ben salad tomato',
    'ben salad basil',
    // Enough for an interest.
    ...topicSaves(['bread']),
  ];
  const lines = saves.map((save) => {
    const [user, board, pin] = save.split(' ');
    return JSON.stringify({ user, board, pin });
  });
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines.join('\n')),
    writeInput(folder, 'pins.csv', 'pin,title,price\ntomato,Tomato,2\n'),
    writeInput(folder, 'users.csv', 'user,title\nnewcomer,New\n'),
  ]);
}

/** Waits until no job is running. */
export async function noJob(server: TestServer): Promise<void> {
  for (;;) {
    const { jobs } = (await server.get('/v1/jobs')).body as { jobs: { state: string }[] };
    if (jobs.every(({ state }) => state !== 'running')) return;
  }
}

/** A request whose Idempotency-Key belongs to a different one. */
export function otherBody(example: Example, method: string, path: string, body: unknown): ExampleOf {
  return async (server) => {
    const key = `key-${method}${path.replaceAll('/', '-')}`;
    await server.get(path, {
      method: method.toUpperCase(),
      headers: { 'idempotency-key': key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { ...example, headers: { 'idempotency-key': key }, problem: 'conflict' };
  };
}
