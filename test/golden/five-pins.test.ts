import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalkAlone } from '../scripts/command.ts';

/** Runs the first example of the README: file, commands, output. */
test('the five-pin example of the README prints the documented output', async () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  const csv = /```csv\n([^`]*)```/.exec(readme)![1]!;
  const session = /```console\n([^`]*)```/.exec(readme)![1]!;
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'saves.csv'), csv);

  const steps = session.split('$ npm run -s pinwalk -- ').slice(1);
  expect(steps).toHaveLength(3);
  for (const step of steps) {
    const [command = '', ...expected] = step.trimEnd().split('\n');
    const args = command
      .split(' ')
      .map((arg) => (arg === 'five' || arg === 'saves.csv' ? path.join(folder, arg) : arg));
    const { stdout, code } = await pinwalkAlone(...args);
    expect(code).toBe(0);
    // The output of build has durations, and the README omits it.
    if (command.startsWith('build')) continue;
    expect(stdout.replaceAll(`${folder}/`, '').trimEnd().split('\n')).toEqual(expected);
  }
});
