import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { KeptThread, runInThread } from '../../api/runtime/threads/index.ts';
import { memoryBytesMax } from '../../engine/wasm/index.ts';
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

test('a result that cannot be received is a fault, and one in the largest memory arrives', async () => {
  const viewWorker = new URL('view-worker.ts', import.meta.url);
  await expect(runInThread(viewWorker, { bytes: 2 ** 32 })).rejects.toThrow('deserialize');
  expect(await runInThread(viewWorker, { bytes: memoryBytesMax })).toHaveLength(100);
});

describe('a kept thread', () => {
  const never = new AbortController().signal;
  const kept = new KeptThread<string>(new URL('kept-worker.ts', import.meta.url));
  const threads = (): number => (process.report.getReport() as { workers: unknown[] }).workers.length;
  afterAll(async () => kept.close());

  test('does one task after another, also after a fault of the data', async () => {
    const first = await kept.run<number>('who', never);
    await expect(kept.run('refuse', never)).rejects.toMatchObject({
      code: 'key-unknown',
      message: 'refused',
    });
    expect(await kept.run('who', never)).toBe(first);
  });

  test('is replaced after it was stopped, even while it loaded its code, or has failed', async () => {
    const first = await kept.run<number>('who', never);
    const abort = new AbortController();
    const stopped = kept.run('wait', abort.signal);
    abort.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'stopped' });
    const early = new AbortController();
    const loading = kept.run('who', early.signal);
    early.abort();
    await expect(loading).rejects.toMatchObject({ code: 'stopped' });
    await expect(kept.run('fail', never)).rejects.toThrow('failed');
    expect(await kept.run<number>('who', never)).toBe(first + 3);
  });

  test('ends after a minute without a task, and starts again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const first = await kept.run<number>('who', never);
    const before = threads();
    vi.advanceTimersByTime(59_000);
    expect(await kept.run('who', never)).toBe(first);
    vi.advanceTimersByTime(61_000);
    vi.useRealTimers();
    await expect.poll(threads).toBe(before - 1);
    expect(await kept.run<number>('who', never)).toBe(first + 1);
  });
});
