import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { commandEnv } from './command.ts';

const root = path.join(import.meta.dirname, '../..');

/** An SDK in the main thread that sends its spans to a file, none of them before the end. */
const tracing = `
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { context, trace } from '@opentelemetry/api';

if (isMainThread) {
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const exporter = {
    export: (spans, done) => {
      const lines = spans.map((span) =>
        JSON.stringify([span.name, span.spanContext().spanId, span.parentSpanContext?.spanId, span.instrumentationScope]),
      );
      appendFileSync('spans.jsonl', lines.map((line) => line + '\\n').join(''));
      done({ code: 0 });
    },
    shutdown: async () => {},
  };
  const processor = new BatchSpanProcessor({ exporter, scheduledDelayMillis: 600_000 });
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
}
`;

test('an SDK that --import registers gets the spans of all threads, and sends those that it holds when the server stops', async () => {
  const user = temporaryFolder();
  writeFileSync(path.join(user, 'tracing.mjs'), tracing);
  symlinkSync(path.join(root, 'node_modules'), path.join(user, 'node_modules'));
  const data = temporaryDataFolder();
  await importSaves(data, ['ann pasta basil', 'ann pasta tomato']);
  activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
  const child = spawn(
    process.execPath,
    [path.join(root, 'scripts/main.js'), 'serve', '--data', data.root, '--port', '0', '--threads', '1'],
    {
      cwd: user,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...commandEnv(), NODE_OPTIONS: '--import ./tracing.mjs' },
    },
  );
  const ended = once(child, 'close');
  try {
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /http:\S+/.exec(text.toString())![0];
    expect((await fetch(`${url}/v1/pins/basil/related`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
  const spans = readFileSync(path.join(user, 'spans.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, string, string | null, { name: string; version: string }]);
  const [, request] = spans.find(([name]) => name === 'GET /v1/pins/{pin}/related')!;
  expect(spans.filter(([, , parent]) => parent === request).map(([name]) => name)).toEqual([
    'queue',
    'walk',
    'rows',
  ]);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  for (const [, , , scope] of spans) expect(scope).toMatchObject({ name: 'pinwalk', version });
});
