import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { openDataFolder } from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { temporaryFolder } from '../data-folders.ts';
import { oldNode, pinwalk, pinwalkAlone, startPinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const saves = path.join(folder, 'saves.csv');

const run = (...args: string[]) => pinwalk(...args, '--data', data);
const runJson = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

beforeAll(async () => {
  writeFileSync(
    saves,
    'user,board,pin\nann,pasta,basil\nann,pasta,tomato\nann,pasta,garlic\nben,salad,tomato\nben,salad,basil\nbroken\n',
  );
  await run('import', saves);
  await run('build');
});

describe('pinwalk', () => {
  test('import, build and recommend print the JSON of the contract', async () => {
    const other = path.join(folder, 'json');
    const json = async (...args: string[]) =>
      JSON.parse((await pinwalkAlone(...args, '--data', other, '--json')).stdout);
    const imported = await json('import', saves);
    expect(imported.files[0]).toMatchObject({ file: saves, read: 6, new: 5, duplicate: 0, rejected: 1 });
    expect(imported.graph).toEqual({ users: 2, boards: 2, pins: 3, saves: 5 });
    expect(readFileSync(imported.files[0].rejectsFile, 'utf8')).toContain('"line":7');
    const built = await json('build');
    expect(built).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      users: 2,
      boards: 2,
      pins: 3,
      saves: 5,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
    });
    const result = await json('recommend', '--pin', 'basil', '--limit', '1');
    expect(result.items).toMatchObject([{ rank: 1, pin: 'tomato' }]);
    expect(result.graphVersion).toBe(built.version);
  });

  test('recommend gives the same bytes for the same seed, also in another process', async () => {
    const itemsOf = async (command: typeof pinwalk, seed: string) => {
      const args = ['recommend', '--pin', 'basil', '--seed', seed, '--data', data, '--json'];
      return JSON.stringify(JSON.parse((await command(...args)).stdout).items);
    };
    const first = await itemsOf(pinwalkAlone, '4');
    expect(await itemsOf(pinwalk, '4')).toBe(first);
    expect(await itemsOf(pinwalk, '5')).not.toBe(first);
  });

  test('recommend takes several weighted pins and exclusions', async () => {
    const result = await runJson(
      'recommend',
      '--pin',
      'basil',
      '--pin',
      'nowhere',
      '--weight',
      '2',
      '--exclude',
      'tomato',
    );
    expect(result.items.map(({ pin }: { pin: string }) => pin)).toEqual(['garlic']);
    expect(result.missing).toEqual(['nowhere']);
  });

  test('import counts one row in the singular', async () => {
    const one = path.join(folder, 'one.csv');
    writeFileSync(one, 'user,board,pin\nann,pasta,basil\n');
    const { stdout } = await pinwalk('import', one, '--data', path.join(folder, 'one'));
    expect(stdout).toContain('The database holds 1 user, 1 board, 1 pin, 1 save.\n');
  });

  test('recommend --fields prints the stored fields of each item, and escapes control characters', async () => {
    const pins = path.join(folder, 'pins.jsonl');
    writeFileSync(pins, '{"pin":"tomato","title":"To\\u001bmato","tags":["red","ripe"]}\n');
    await run('import', pins);
    const { stdout } = await run('recommend', '--pin', 'basil', '--fields', 'title,tags,absent', '--explain');
    const [tomato, garlic, absent] = stdout.split('\n');
    expect(absent).toBe('No item has a field absent.');
    expect(tomato).toContain('  title: To\\u001bmato  tags: ["red","ripe"]  saved with basil');
    expect(garlic).toMatch(/^ +2  garlic +[\d.]+  saved with basil/);
    const none = await run('recommend', '--pin', 'basil', '--filter', '{"title": "Salt"}');
    expect(none.stdout).toBe('No recommendations: none passes the filter.\n');
    const refused = await run('recommend', '--pin', 'basil', '--filter', '{"titel": "Tomato"}');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('no pin has a field "titel"; did you mean "title"?');
  });

  test('snapshots lists and verifies snapshots, and a damaged one fails verification', async () => {
    const { version } = await runJson('build');
    expect((await runJson('snapshots')).snapshots).toMatchObject([{ version, active: true }]);
    expect((await runJson('snapshots', 'verify')).snapshots).toEqual([{ version, sound: true }]);
    const file = snapshotFile(openDataFolder(data), version);
    truncateSync(file, 4_200);
    const verified = await run('snapshots', 'verify', version);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain('is damaged');
    expect((await run('recommend', '--pin', 'basil')).stderr).toMatch(
      /no snapshot to serve: run pinwalk build/,
    );
    await run('build');
    expect((await run('recommend', '--pin', 'basil')).code).toBe(0);
  });

  test('estimate predicts the size of the build', async () => {
    const estimate = await runJson('estimate');
    expect(estimate.counts).toEqual({ users: 2, boards: 2, pins: 3, saves: 5 });
    expect(estimate.snapshotBytes).toBe((await runJson('build')).bytes);
    const planned = await runJson('estimate', '--pins', '1e6', '--boards', '2e6', '--saves', '10_000_000');
    expect(planned.graphBytes).toBe(8 * 1e6 + (8 + 4) * 2e6 + 2 * 4 * 1e7);
  });

  test('a synthetic sample can be written to a file and imported from it', async () => {
    const file = path.join(folder, 'synthetic.tsv.gz');
    const sizes = ['--pins', '500', '--boards', '300', '--saves', '4000'];
    expect((await run('sample', 'synthetic', ...sizes, '--output', file)).code).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('synthetic.tsv'))).toEqual([
      'synthetic.tsv.gz',
    ]);
    const from = async (...args: string[]) =>
      JSON.parse((await pinwalk(...args, '--json', '--data', path.join(folder, args[0]!))).stdout);
    const imported = await from('import', file);
    const direct = await from('sample', 'synthetic', ...sizes);
    expect(imported.graph).toEqual(direct.graph);
    expect(imported.graph.saves).toBe(4_000);
  });

  test('serve responds to requests, and SIGTERM ends it with code 0', async () => {
    const { child, ended } = startPinwalk('serve', '--data', data, '--port', '0');
    const url = await new Promise<string>((resolve) => {
      child.stdout!.once('data', (text: Buffer) => resolve(/http:\S+/.exec(text.toString())![0]));
    });
    const response = await fetch(`${url}/v1/pins/basil/related`);
    expect(await response.json()).toMatchObject({ items: [{ pin: 'tomato' }, { pin: 'garlic' }] });
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  test('serve starts in an empty folder, prints what to do, and serves a snapshot that is built later', async () => {
    const empty = path.join(folder, 'empty-served');
    const { child, ended } = startPinwalk('serve', '--data', empty, '--port', '0');
    let output = '';
    child.stdout!.on('data', (text: Buffer) => (output += text.toString()));
    await expect.poll(() => output).toMatch(/has no snapshot to serve: run pinwalk import/);
    const url = /http:\S+/.exec(output)![0];
    const request = async () => fetch(`${url}/v1/pins/basil/related`);
    expect((await request()).status).toBe(503);
    await pinwalk('import', saves, '--data', empty);
    await pinwalk('build', '--data', empty);
    await expect.poll(async () => (await request()).status).toBe(200);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect({ code, faults: stderr.match(/"level":50.*/g) }, stderr).toEqual({ code: 0, faults: null });
  });

  test('build and activate refuse a snapshot with very different recommendations, unless forced', async () => {
    const grown = path.join(folder, 'grown');
    const other = path.join(folder, 'other.csv');
    // Each pin gets 60 new neighbors with stronger links than its old ones.
    const rows = ['basil', 'tomato', 'garlic'].flatMap((pin) =>
      Array.from({ length: 180 }, (_, i) => `x,${pin}${i},${pin}\nx,${pin}${i},${pin}-${i % 60}`),
    );
    writeFileSync(other, ['user,board,pin', ...rows].join('\n'));
    const at = (...args: string[]) => pinwalk(...args, '--data', grown);
    await at('import', saves);
    await at('build');
    await at('import', other);
    const refused = await at('build');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^Built \S+: .*\n$/) as unknown });
    const { version } = /activate (?<version>[0-9a-f]{16}) --force/.exec(refused.stderr)!.groups!;
    expect((await at('snapshots', 'activate', version!)).stderr).toMatch(/overlap/);
    expect((await at('snapshots', 'activate', version!, '--force')).stdout).toBe(`${version} is active.\n`);
    expect((await at('snapshots', 'rollback')).code).toBe(0);
    expect((await at('build', '--force')).stdout).toMatch(/Activated/);
  });

  test('start imports a sample into an empty folder, prints working URLs, and keeps the graph', async () => {
    const fresh = path.join(folder, 'fresh');
    const begin = async () => {
      const { child, ended } = startPinwalk('start', '--sample', 'synthetic', '--data', fresh, '--port', '0');
      const urls = await new Promise<string[]>((resolve) => {
        let text = '';
        child.stdout!.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const found = text.match(/http:\S+/g) ?? [];
          if (found.length === 5) resolve(found);
        });
      });
      const page = await fetch(urls[1]!);
      expect(page.headers.get('content-type')).toContain('text/html');
      const responses = await Promise.all(urls.slice(2).map(async (url) => (await fetch(url)).json()));
      child.kill('SIGINT');
      await ended;
      return responses as { items: unknown[]; graphVersion: string }[];
    };
    const first = await begin();
    expect(first.map(({ items }) => items.length)).toEqual([10, 10, 10]);
    expect((await begin())[0]!.graphVersion).toBe(first[0]!.graphVersion);
  });
});

test('--version prints the version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect((await pinwalkAlone('--version')).stdout).toBe(`${version}\n`);
});

test('--help lists a command for each module of scripts/commands, and those that share one', async () => {
  const modules = readdirSync(new URL('../../scripts/commands', import.meta.url))
    .filter((name) => name.endsWith('.ts') && name !== 'recommend-all.ts')
    .map((name) => name.replace('.ts', ''));
  const { stdout } = await pinwalkAlone('--help');
  const listed = Array.from(stdout.matchAll(/^ {2}([a-z]+)(?: \[| <| {2})/gm), ([, name]) => name!);
  expect(listed.toSorted()).toEqual([...modules, 'restore', 'start', 'help'].toSorted());
});

describe('wrong usage', () => {
  test.each<[number, RegExp, string[]]>([
    [0, /Usage: pinwalk/, ['--help']],
    [0, /--max-rejects/, ['import', '--help']],
    [2, /unknown command 'bogus'/, ['bogus']],
    [2, /unknown option '--bogus'/, ['build', '--bogus']],
    [2, /name the files to import/, ['import']],
    [2, /Not an integer of at least 0/, ['import', 'x.csv', '--max-rejects', 'many']],
    [2, /Allowed choices are csv, tsv, jsonl, json, parquet/, ['import', 'x', '--format', 'xml']],
    [2, /name at least one query pin/, ['recommend', '--data', data]],
    [2, /Not an integer in \[1, 1000\]/, ['recommend', '--pin', 'x', '--limit', '0']],
    [2, /query\/0\/weight/, ['recommend', '--pin', 'basil', '--weight', '0', '--data', data]],
    [2, /set --pins, --boards and --saves together/, ['estimate', '--pins', '5', '--data', data]],
    [2, /refusing to listen on 0\.0\.0\.0 without API keys/, ['serve', '--host', '0.0.0.0', '--data', data]],
    [1, /topics need kafkaBrokers/, ['serve', '--kafka-consume', 'saves=app.saves', '--data', data]],
    [1, /there is no such file/, ['import', 'nowhere.csv', '--data', data]],
    [
      1,
      /its first line is not a header and has 1 field; if something unusual separates its fields, use --delimiter/,
      ['import', import.meta.dirname.replace(/$/, '/../../LICENSE'), '--data', data],
    ],
    [1, /the graph does not have "nowhere"/, ['recommend', '--pin', 'nowhere', '--data', data]],
    [
      1,
      /there is no snapshot 0123456789abcdef/,
      ['snapshots', 'activate', '0123456789abcdef', '--data', data],
    ],
    [
      1,
      /holds no saves yet: import a file/,
      ['build', '--data', openDataFolder(path.join(folder, 'empty')).root],
    ],
    [1, /cannot use .* as a data folder/, ['import', 'x.csv', '--data', path.join(saves, 'inside-a-file')]],
  ])('wrong usage exits with %i and %s: %j', async (code, message, args) => {
    const ended = await pinwalk(...args);
    expect(ended.stdout + ended.stderr).toMatch(message);
    expect(ended.stdout + ended.stderr).not.toMatch(/\n {4}at /);
    expect(ended.code).toBe(code);
  });

  test.each([
    [0, ['import', '--help']],
    [1, ['import', 'nowhere.csv', '--data', data]],
    [2, ['build', '--bogus']],
  ])('a process of its own exits with %i: %j', async (code, args) => {
    const [alone, kept] = await Promise.all([pinwalkAlone(...args), pinwalk(...args)]);
    expect(alone).toEqual({ ...kept, code });
  });
});

test('a mistyped --data makes no folder', async () => {
  const mistyped = path.join(temporaryFolder(), 'mistyped');
  for (const command of [['build'], ['recommend', '--pin', 'x'], ['keys', 'list']]) {
    const { stderr, code } = await pinwalk(...command, '--data', mistyped);
    expect(stderr).toMatch(/there is no data folder .*mistyped: check --data/);
    expect(code).toBe(1);
  }
  expect(existsSync(mistyped)).toBe(false);
});

test('a Node that is too old gets one line with the remedy', (context) => {
  const old = oldNode();
  if (old === undefined) {
    context.skip('there is no older Node on this machine');
    return;
  }
  const { stderr, status } = spawnSync(
    old,
    [path.join(import.meta.dirname, '../../scripts/main.js'), '--help'],
    // The suite's own hook is in TypeScript, which it cannot read.
    { env: { ...process.env, NODE_OPTIONS: '' }, encoding: 'utf8' },
  );
  expect(stderr).toMatch(/^pinwalk needs Node 24 or newer, this is v\d+\.\d+\.\d+: .*\n$/);
  expect(status).toBe(1);
});
