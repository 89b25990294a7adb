import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { blocksOf, fillBlock } from '../../scripts/bench/figures/blocks.ts';
import { temporaryFolder } from '../data-folders.ts';

const root = path.join(import.meta.dirname, '../..');
const script = path.join(root, 'scripts/bench/figures/main.ts');

async function figures(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return text(child.stderr);
}

function documentOf(blocks: readonly string[]): string {
  const parts = blocks.map((each) => `<!-- figures: ${each} -->\n\nold ${each}\n\n<!-- end of figures -->\n`);
  return `# Title\n\n${parts.join('\nText.\n\n')}`;
}

test('figures fills the chosen blocks of a document with what their scripts print', async () => {
  const file = path.join(temporaryFolder(), 'page.md');
  const names = ['bench:writes -- --help', 'bench:api -- --help'];
  writeFileSync(file, documentOf(names));
  await figures(file, '--only', 'bench:writes');
  const document = readFileSync(file, 'utf8');
  expect(document).toMatch(/`npm run bench:writes -- --help`, \d{4}-\d\d-\d\d, commit [0-9a-f]{7,}/);
  expect(document).toContain('Usage: bench:writes');
  expect(document).not.toContain('old bench:writes');
  expect(document).toContain('old bench:api');
  expect(blocksOf(document).map((block) => block.script)).toEqual(names);
});

test('figures refuses a document without the block, a block without its end, and a script that fails', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'page.md');
  const document = documentOf(['bench:writes -- --no-such-option']);
  writeFileSync(file, document);
  expect(await figures(file, '--only', 'bench:soak')).toContain('has no block of bench:soak');
  expect(await figures(file)).toContain('exited with 1');
  expect(readFileSync(file, 'utf8')).toBe(document);
  expect(() => blocksOf('<!-- figures: a -->\n<!-- figures: b -->\n<!-- end of figures -->\n')).toThrow(
    'a has no',
  );
});

test('a filled block is the same block', () => {
  const document = documentOf(['a', 'b']);
  const filled = fillBlock(document, blocksOf(document)[0]!, 'new');
  expect(filled).toBe(document.replace('old a', 'new'));
});
