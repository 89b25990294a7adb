import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runInThread } from '../../api/runtime/threads/index.ts';
import { temporaryFolder } from '../data-folders.ts';

/** A thread that is terminated while it loads SQLite aborts the whole process: it has to load all of its code first. */
const worker = new URL('marking-worker.ts', import.meta.url);

test('a thread that is stopped while it loads its code ends after that, and before its work', async () => {
  const file = path.join(temporaryFolder(), 'marks');
  const abort = new AbortController();
  const outcome = runInThread(worker, { file }, { signal: abort.signal });
  abort.abort();
  await expect(outcome).rejects.toMatchObject({ code: 'stopped' });
  expect(readFileSync(file, 'utf8')).toBe('loaded\n');
});

test('a thread that is not stopped does its work', async () => {
  const file = path.join(temporaryFolder(), 'marks');
  expect(await runInThread(worker, { file })).toBe('done');
  expect(readFileSync(file, 'utf8')).toBe('loaded\nworking\n');
});
