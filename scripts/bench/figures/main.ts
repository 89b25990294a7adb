import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { blocksOf, fillBlock } from './blocks.ts';

await new Command('figures')
  .description(
    'Run the benchmarks that a document names and put what they print into it, with date and commit. On a quiet machine: an hour for docs/performance.md.',
  )
  .argument('[document]', 'Markdown file', 'docs/performance.md')
  .option('--only <script>', 'only blocks whose script begins like this, such as bench:api')
  .action(async (file: string, { only = '' }: { only?: string }) => {
    const scripts = blocksOf(readFileSync(file, 'utf8')).map(({ script }) => script);
    const chosen = scripts.filter((script) => script.startsWith(only));
    if (chosen.length === 0) throw new Error(`${file} has no block of ${only}: it has ${scripts.join(', ')}`);
    for (const script of chosen) {
      const output = await run(script);
      // Read again: the document may have been edited while the benchmark ran.
      const document = readFileSync(file, 'utf8');
      const block = blocksOf(document).find((each) => each.script === script)!;
      writeFileSync(file, fillBlock(document, block, `${originOf(script)}\n\n${output}`));
    }
  })
  .parseAsync();

async function run(script: string): Promise<string> {
  process.stderr.write(`figures: npm run ${script}\n`);
  const child = spawn('npm', ['run', '--silent', ...script.split(' ')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`npm run ${script} exited with ${String(code)}`);
  return output;
}

function originOf(script: string): string {
  const commit = git('rev-parse', '--short', 'HEAD');
  const isChanged =
    git('status', '--porcelain', '--untracked-files=no', '--', '*.ts', 'package-lock.json') !== '';
  const date = new Date().toISOString().slice(0, 10);
  return `\`npm run ${script}\`, ${date}, commit ${commit}${isChanged ? ' with changes' : ''}, on:`;
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}
