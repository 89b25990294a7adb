import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';

const duckdb = new URL('../../graph-data/lake/duckdb.ts', import.meta.url).href;

test('DuckDB that is stopped while queries run, which nobody waits for, neither crashes the process nor keeps it from ending', async () => {
  const source = `
    const { openDuckdb } = await import(${JSON.stringify(duckdb)});
    const stop = new AbortController();
    const options = { memory: '1GB', tempFolder: ${JSON.stringify(temporaryFolder())}, threads: 2, signal: stop.signal };
    const engine = await openDuckdb(options);
    await engine.createTable('t', 'SELECT range AS a, range * 7 % 100003 AS b FROM range(2000000)');
    for (const n of [1, 2, 3]) engine.batches('SELECT a, b FROM t ORDER BY b, a + ' + n);
    await new Promise((resolve) => setTimeout(resolve, 60));
    stop.abort();
    await engine.close();
    process.exit(130);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(status, stderr).toBe(130);
});
