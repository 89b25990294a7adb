import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { compileNativeWalks } from '../../scripts/bench/native/native-walks.ts';
import { temporaryFolder } from '../data-folders.ts';

interface Report {
  machine: string;
  cases: Record<string, unknown>[];
}

/** Both null without a C++ compiler. */
const native = compileNativeWalks(temporaryFolder(afterAll)) === undefined ? null : expect.any(Number);
const kernelRatios = {
  'one walker': expect.any(Number),
  'native, one walker': native,
  'native, interleaved': native,
};

/** Runs the benchmark with tiny sizes, to check names and hashes. */
function bench(data: string, ...parts: string[]): Promise<Report> {
  return runSmall('main.ts', ...parts, '--data', data);
}

async function runSmall(script: string, ...options: string[]): Promise<Report> {
  const file = path.join(import.meta.dirname, '../../scripts/bench', script);
  const args = [file, ...options, '--small', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(await text(child.stdout)) as Report;
}

test('the benchmark prints its cases, and two runs do the same work', async () => {
  const folder = temporaryFolder();
  const first = await bench(folder);
  expect(first.machine).toContain('Node v24');
  expect(first.cases.map(({ name }) => name)).toEqual([
    'kernel/sample',
    'query-100k/sample',
    'reasons/sample',
    'search-p50/sample',
    'search-p99/sample',
    'search-typo-p50/sample',
    'search-typo-p99/sample',
    'search-typo-found/sample',
    'import/sample',
    'import-memory/sample',
    'build/sample',
    'build-memory/sample',
    'load/sample',
    'graph-memory/sample',
    'kernel/50M',
    'import/20M',
    'import-memory/20M',
    'build/20M',
    'build-memory/20M',
    'load/20M',
    'graph-memory/20M',
    'query-100k/20M',
    'search-p50/20M',
    'search-p99/20M',
    'search-typo-p50/20M',
    'search-typo-p99/20M',
    'search-typo-found/20M',
  ]);
  for (const each of first.cases) {
    expect(each).toEqual({
      name: expect.any(String),
      value: expect.any(Number),
      unit: expect.any(String),
      ratios: String(each['name']).startsWith('kernel') ? kernelRatios : {},
      hash: expect.stringMatching(/^[0-9a-f]{12,16}$/),
    });
    expect(each['value']).toBeGreaterThan(0);
  }
  const second = await bench(folder);
  expect(second.cases.map(({ hash }) => hash)).toEqual(first.cases.map(({ hash }) => hash));
});

test('louvain gives the same communities on the view and on a plain graph', async () => {
  const { cases } = await bench(temporaryFolder(), 'graphology');
  const hashes = Object.fromEntries(cases.map(({ name, hash }) => [name, hash]));
  expect(Object.keys(hashes)).toHaveLength(10);
  expect(hashes['graphology/view:louvain']).toBe(hashes['graphology/plain:louvain']);
  expect(hashes['graphology/view:make']).toBe(hashes['graphology/plain:make']);
});

test('the live graph benchmark prints its cases, and two runs do the same work', async () => {
  const [first, second] = [await runSmall('live.ts'), await runSmall('live.ts')];
  const names = ['live-append', 'live-slots', 'live-kernel', 'live-remove'];
  expect(first.cases.map(({ name }) => name)).toEqual([
    ...names.map((name) => `${name}/2M`),
    ...names.map((name) => `${name}/20M`),
  ]);
  for (const { value } of first.cases) expect(value).toBeGreaterThan(0);
  const same = ({ cases }: Report) => cases.map(({ name, hash }) => [name, hash]);
  expect(same(second)).toEqual(same(first));
});
