import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { originNow } from '../results.ts';
import { blocksOf, fillBlock } from './blocks.ts';

interface FiguresOptions {
  document: string[];
  saves?: string;
  list?: true;
}

const oxfmt = path.join(import.meta.dirname, '../../../node_modules/.bin/oxfmt');

await new Command('figures')
  .description(
    'Runs the benchmarks that documents name and puts what they print into them, with date and commit. Each block is written when its benchmark ends; one that fails leaves its block as it was, and the others still run.',
  )
  .argument('[names...]', 'blocks, in the order of the documents (default: all)')
  .option('--document <files...>', 'Markdown files', ['docs/performance.md', 'README.md'])
  .option('--saves <sizes>', 'of the block growth: numbers of saves, separated by commas')
  .option('--list', 'print the blocks and their scripts')
  .action(async (names: string[], { document: files, saves, list }: FiguresOptions) => {
    const blocks = files.flatMap((file) =>
      blocksOf(readFileSync(file, 'utf8')).map(({ name, script }) => ({ file, name, script })),
    );
    if (list === true) {
      for (const { file, name, script } of blocks) process.stdout.write(`${name}: ${script} (${file})\n`);
      return;
    }
    const missing = names.filter((name) => !blocks.some((block) => block.name === name));
    if (missing.length > 0) {
      const known = blocks.map(({ name }) => name).join(', ');
      throw new Error(`there is no block ${missing.join(', ')}: there are ${known}`);
    }
    for (const { file, name, script } of blocks) {
      if (names.length > 0 && !names.includes(name)) continue;
      const began = performance.now();
      process.stderr.write(`figures: ${name}: npm run ${script}\n`);
      const sizes = name === 'growth' && saves !== undefined ? saves.split(',') : [];
      const output = await outputOf([...script.split(' '), ...sizes]);
      const minutes = ((performance.now() - began) / 60_000).toFixed(1);
      if (output === undefined) {
        process.stderr.write(`figures: ${name} FAILED after ${minutes} minutes; its block stays as it was\n`);
        process.exitCode = 1;
        continue;
      }
      // Read again: the document may have been edited while the benchmark ran.
      const document = readFileSync(file, 'utf8');
      const block = blocksOf(document).find((each) => each.name === name)!;
      writeFileSync(file, fillBlock(document, block, output));
      spawnSync(oxfmt, [file], { stdio: 'inherit' });
      process.stderr.write(`figures: ${name} took ${minutes} minutes\n`);
    }
  })
  .parseAsync();

/** What an npm script prints, below a line with its name, date and commit; undefined if it fails. */
async function outputOf(script: readonly string[]): Promise<string | undefined> {
  const { date, commit } = originNow();
  const child = spawn('npm', ['run', '--silent', ...script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) return undefined;
  const isSummary = script[0] === 'figures:summary';
  return isSummary ? output : `\`npm run ${script.join(' ')}\`, ${date}, commit ${commit}, on:\n\n${output}`;
}
