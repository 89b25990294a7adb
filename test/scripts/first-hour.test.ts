import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stepsOf } from '../../scripts/first-hour/readme.ts';

const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');

test('every code block of the README is one that npm run first-hour can follow', () => {
  const steps = stepsOf(readme);
  const commands = steps.flatMap((step) => (step.kind === 'run' ? [step.command] : []));
  expect(commands[0]).toBe('npm ci && npm start');
  expect(steps.filter(({ kind }) => kind === 'write')).toMatchObject([{ file: 'saves.csv' }]);
  const all = commands.join('\n');
  for (const part of [
    'npm test',
    'import saves.csv',
    'recommend --pin basil',
    'estimate',
    'serve',
    '/v1/recommendations',
  ]) {
    expect(all).toContain(part);
  }
});

test('comments end a command, quotes continue it over lines, and printed lines belong to their command', () => {
  const page =
    '```sh\na # b\ncurl -d \'\n {"x": "#1"}\'\n```\n\n```console\n$ run\none\n\ntwo\n$ next\n```\n';
  expect(stepsOf(page)).toEqual([
    { kind: 'run', command: 'a', shown: [] },
    { kind: 'run', command: 'curl -d \'\n {"x": "#1"}\'', shown: [] },
    { kind: 'run', command: 'run', shown: ['one', '', 'two'] },
    { kind: 'run', command: 'next', shown: [] },
  ]);
  expect(() => stepsOf('```ruby\nputs 1\n```\n')).toThrow('a reader cannot run a block of ruby');
});
