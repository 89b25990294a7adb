import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { blocksOf, fillBlock } from '../../scripts/bench/figures/blocks.ts';
import { temporaryFolder } from '../data-folders.ts';

const root = path.join(import.meta.dirname, '../..');

async function run(
  script: string,
  ...args: string[]
): Promise<{ output: string; errors: string; code: number }> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/bench/figures', script), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number>((resolve) => child.once('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, errors, code: await exit };
}

function documentOf(blocks: Readonly<Record<string, string>>): string {
  const parts = Object.entries(blocks).map(
    ([name, script]) => `<!-- figures ${name}: ${script} -->\n\nold ${name}\n\n<!-- end -->\n`,
  );
  return `# Title\n\n${parts.join('\nText.\n\n')}`;
}

test('figures fills the named blocks of documents with the output of their scripts', async () => {
  const file = path.join(temporaryFolder(), 'page.md');
  const blocks = { writes: 'bench:writes -- --help', requests: 'bench:api -- --help' };
  writeFileSync(file, documentOf(blocks));
  expect((await run('main.ts', 'writes', '--document', file)).code).toBe(0);
  const document = readFileSync(file, 'utf8');
  expect(document).toMatch(/`npm run bench:writes -- --help`, \d{4}-\d\d-\d\d, commit [0-9a-f]{7,}/);
  expect(document).toContain('Usage: bench:writes');
  expect(document).not.toContain('old writes');
  expect(document).toContain('old requests');
  expect(Object.fromEntries(blocksOf(document).map(({ name, script }) => [name, script]))).toEqual(blocks);
});

test('a script that fails leaves its block as it was, and the blocks after it are filled', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'page.md');
  writeFileSync(file, documentOf({ bad: 'bench:writes -- --no-such-option', good: 'bench:soak -- --help' }));
  const { errors, code } = await run('main.ts', '--document', file);
  expect(code).toBe(1);
  expect(errors).toContain('bad FAILED');
  const document = readFileSync(file, 'utf8');
  expect(document).toContain('old bad');
  expect(document).toContain('Usage: bench:soak');
});

test('figures refuses a block that no document has, and a block without its end', async () => {
  const file = path.join(temporaryFolder(), 'page.md');
  writeFileSync(file, documentOf({ bad: 'bench:writes' }));
  expect((await run('main.ts', 'other', '--document', file)).errors).toContain('there is no block other');
  expect(() => blocksOf('<!-- figures a: b -->\n<!-- figures c: d -->\n<!-- end -->\n')).toThrow('a has no');
});

test('a filled block is the same block', () => {
  const document = documentOf({ a: 'x', b: 'y' });
  const filled = fillBlock(document, blocksOf(document)[0]!, 'new');
  expect(filled).toBe(document.replace('old a', 'new'));
});

test('the summary takes the figures of all results, and leaves out missing ones', async () => {
  const folder = temporaryFolder();
  const origin = { date: '2026-11-30', commit: 'abc1234', machine: 'a machine' };
  const ratios = { 'one walker': 7.76, 'native, interleaved': 0.684 };
  const cases = [
    'kernel/sample',
    'kernel/50M',
    'query-100k/sample',
    'query-100k/20M',
    'import/20M',
    'build/20M',
    'load/20M',
  ];
  const bench = {
    ...origin,
    cases: cases.map((name) => ({ name, value: 3_456_789, unit: 'saves/s', ratios })),
  };
  expect((await run('summary.ts', folder)).errors).toContain('has no results');
  writeFileSync(path.join(folder, 'bench.json'), JSON.stringify(bench));
  const short = await run('summary.ts', folder);
  expect(short.output).toContain('a machine; 2026-11-30; the npm');
  expect(short.output).toContain('| kernel, against native code with prefetch | 0.68 × · 0.68 × |');
  expect(short.output).toContain('3.5 M saves/s');
  expect(short.output).not.toContain('requests/s');
  const requests = {
    ...origin,
    date: '2026-12-01',
    sustainable: { rate: 1_550, answered: { p50: 2.71 } },
    rateRatio: 0.214,
    overhead: { totalMs: 1.62, walkMs: 0.91 },
  };
  writeFileSync(path.join(folder, 'requests.json'), JSON.stringify(requests));
  const { output } = await run('summary.ts', folder);
  expect(output).toContain('a machine; 2026-11-30, requests 2026-12-01; the npm');
  expect(output).toContain('| 1,550 requests/s, p50 2.7 ms |');
  expect(output).toContain('| 0.21 × |');
});
