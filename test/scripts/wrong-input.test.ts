import { spawn, spawnSync } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { commandEnv, pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const saves = path.join(folder, 'saves.csv');
const empty = path.join(folder, 'empty');
const inside = path.join(folder, 'missing', 'file');
writeFileSync(saves, 'user,board,pin\nann,soup,basil\nann,soup,leek\nbob,tea,basil\nbob,tea,mint\n');
mkdirSync(empty);
expect((await pinwalk('import', saves, '--data', data)).code).toBe(0);
expect((await pinwalk('build', '--data', data)).code).toBe(0);

const split = ['--train', saves, '--hold-out', '0.5'];

test.each([
  [1, /cannot use .* as a data folder: it is a file; name a folder$/m, ['import', saves, '--data', saves]],
  [
    1,
    /cannot restore .*: it is a folder without a publication \(it has no LATEST\.json\)/,
    ['restore', empty],
  ],
  [2, /is the data folder: name another folder/, ['publish', `${data}/`, '--data', data]],
  [2, /Not a size such as 4GB/, ['build', '--from', 'x.parquet', '--lake-memory', 'much']],
  [1, /cannot read the lake: [^\n]*No magic bytes[^\n]*\n$/, ['build', '--from', saves, '--data', empty]],
  [
    2,
    /"relatd"; did you mean "related"\?/,
    ['recommend', '--pin', 'basil', '--algorithm', 'relatd', '--data', data],
  ],
  [2, /"fatige"; did you mean "fatigue"\?/, ['notify', 'simulate', '--vary', 'fatige=0.1']],
  [
    1,
    /cannot write .*: ENOENT.*; make sure that its folder exists/,
    ['evaluate', ...split, '--html', inside],
  ],
  [
    1,
    /cannot write .*: it is a folder; name a file$/m,
    ['compare', 'feed', 'ideas', ...split, '--html', empty],
  ],
  [
    1,
    /cannot write .*: ENOENT.*; make sure that its folder exists/,
    ['evaluate', ...split, '--lists', `${inside}.csv`],
  ],
  [
    1,
    /cannot write .*: ENOENT.*; make sure that its folder exists/,
    ['walk', '--pin', 'basil', '--graph', `${inside}.gexf`],
  ],
  [
    1,
    /cannot write .*: ENOENT.*; make sure that its folder exists/,
    ['notify', 'simulate', '--plot', inside],
  ],
])('exits with %i and %s: %j', async (code, message, args) => {
  const ended = await pinwalk(...args);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/\n {4}at /);
  expect(ended).toMatchObject({ code, stdout: '' });
});

test('backup --force leaves what is no regular file, and restore a file that is named as a folder', async () => {
  const pipe = path.join(folder, 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const ended = await pinwalk('backup', pipe, '--force', '--data', data);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/pipe: it is no regular file; name another$/m);
  expect(statSync(pipe).isFIFO()).toBe(true);
  const backup = path.join(folder, 'a.backup');
  expect((await pinwalk('backup', backup, '--data', data)).code).toBe(0);
  const restored = await pinwalk('restore', backup, '--data', saves);
  expect(restored.stderr).toMatch(/cannot restore into .*: it is a file; name a folder$/m);
  expect(restored.code).toBe(1);
});

test('control characters of a file do not reach the terminal', async () => {
  const file = path.join(folder, 'odd.csv');
  writeFileSync(file, 'arm,\u001b[31mred\n1,2\n');
  const { stderr } = await pinwalk(
    'experiments',
    'analyze',
    file,
    '--arm',
    'a',
    '--control',
    'b',
    '--metric',
    'c',
  );
  expect(stderr).toMatch(/it has arm, \\u001b\[31mred$/m);
});

test('a command that writes to a read-only disk says what to do', async (context) => {
  const disk = path.join(folder, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', disk]).status !== 0)
    context.skip('needs the right to mount');
  onTestFinished(() => void spawnSync('umount', ['--lazy', disk]));
  cpSync(data, disk, { recursive: true });
  expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0);
  const { code, stderr } = await pinwalk('keys', 'create', '--scope', 'read', '--data', disk);
  expect(stderr).toMatch(/^pinwalk: cannot use the database: .*; make sure that the data folder is writable/);
  expect(code).toBe(1);
});

describe('standard output', () => {
  const run = (args: readonly string[], stdout: number | 'pipe') => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', stdout, 'pipe'], env: commandEnv() });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    return new Promise<{ code: number | null; stderr: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, stderr }));
    });
  };
  const script = (name: string) => path.join(import.meta.dirname, '../../scripts', name);

  test.each([
    ['a command', [script('main.js'), '--help']],
    ['a script', [script('bench/figures/summary.ts')]],
  ])('%s ends quietly when its reader has closed it', async (_, args) => {
    expect(await run(args, 'pipe')).toEqual({ code: 0, stderr: '' });
  });

  test.skipIf(!existsSync('/dev/full'))('a command says that it cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const ended = await run([script('main.js'), 'recommend', '--pin', 'basil', '--data', data], full);
    closeSync(full);
    expect(ended.stderr).toMatch(/^pinwalk: cannot write standard output: ENOSPC[^\n]*\n$/);
    expect(ended.code).toBe(1);
  });
});
