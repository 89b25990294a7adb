/**
 * Packs the project, unpacks the result below `node_modules` of an empty folder, beside the dependencies that package.json names and
 * nothing else, and uses it as an installation: npm's own installation needs the network (docs/testing.md has the command). It
 * proves that everything that runs is compiled and packed, and needs no development dependency.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { commandEnv, oldNode } from '../scripts/command.ts';
import { writeCircles, writeSweep } from '../scripts/sweeps.ts';

const root = path.join(import.meta.dirname, '../..');
const bin = path.join(root, 'node_modules/.bin');
const user = temporaryFolder(afterAll);
const installed = path.join(user, 'node_modules/pinwalk');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};
const tarball = path.join(user, `pinwalk-${manifest.version}.tgz`);

function run(command: string, args: readonly string[], cwd = user, env = commandEnv()): string {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

const withNode = { ...commandEnv(), PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
const main = path.join(installed, 'scripts/main.js');
const pinwalk = (...args: string[]): string => run(process.execPath, [main, ...args]);

beforeAll(() => {
  run('npm', ['pack', '--pack-destination', user], root, withNode);
  mkdirSync(installed, { recursive: true });
  run('tar', ['xzf', tarball, '--strip-components=1', '-C', installed]);
  // As npm installs a command.
  chmodSync(main, 0o755);
  mkdirSync(path.join(user, 'node_modules/.bin'));
  symlinkSync(main, path.join(user, 'node_modules/.bin/pinwalk'));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = path.join(user, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(root, 'node_modules', name), link);
  }
  writeFileSync(path.join(user, 'saves.csv'), /```csv\n([^`]*)```/.exec(read('README.md'))![1]!);
  pinwalk('import', 'saves.csv', '--data', 'five');
  pinwalk('build', '--data', 'five');
});

test('npm pack leaves nothing in the tree, and the package has at most 1.2 MB and no TypeScript to run', () => {
  expect(existsSync(path.join(root, 'dist'))).toBe(false);
  expect(statSync(tarball).size).toBeLessThan(1_200_000);
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /(?<!\.d)\.tsx?$/.test(file))).toEqual([]);
});

test('the installed command gives the recommendations of the README and the version of package.json', () => {
  expect(pinwalk('recommend', '--pin', 'basil', '--explain', '--data', 'five')).toContain(
    '1  tomato  0.2527  saved with basil on 2 boards',
  );
  expect(run('npx', ['--no-install', 'pinwalk', '--version'], user, withNode).trim()).toBe(manifest.version);
});

test('the installed command computes item weights on several threads', () => {
  // Enough pins for two threads.
  const saves = Array.from({ length: 8_000 }, (_, i) => `u${i % 40},b${i % 2_000},p${i % 4_500}`);
  writeFileSync(path.join(user, 'many.csv'), ['user,board,pin', ...saves].join('\n'));
  pinwalk('import', 'many.csv', '--data', 'many');
  pinwalk('build', '--linear', '--data', 'many');
  expect(pinwalk('recommend', '--pin', 'p1', '--algorithm', 'linear', '--data', 'many')).toMatch(
    /^ +1 {2}p\d+ /,
  );
});

test('the installed command has no DuckDB, and says how to install it', () => {
  const args = [main, 'build', '--from', 'lake.parquet', '--data', 'lake'];
  writeFileSync(path.join(user, 'lake.parquet'), '');
  const { stderr, status } = spawnSync(process.execPath, args, {
    cwd: user,
    env: commandEnv(),
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^pinwalk: a build from a lake needs DuckDB, .*: npm install @duckdb\/node-api/);
  expect(status).toBe(1);
});

test('the installed command has no client of Postgres, and says how to install it', () => {
  const args = [main, 'import', 'postgres://ann@127.0.0.1:1/shop', '--query', 'SELECT 1', '--data', 'shop'];
  const { stderr, status } = spawnSync(process.execPath, args, {
    cwd: user,
    env: commandEnv(),
    encoding: 'utf8',
  });
  expect(stderr).toMatch(
    /^pinwalk: an import from Postgres needs packages .*: npm install pg pg-copy-streams/,
  );
  expect([status, existsSync(path.join(user, 'shop'))]).toEqual([1, false]);
});

test('the installed command hashes its code for a sweep', () => {
  writeCircles(user);
  const sweep = writeSweep(user, 'sweep.yaml', [
    'saves: { train: circles.tsv, holdOut: 0.2 }',
    'validation: { holdOut: 0.2 }',
    'search: { method: grid }',
    'space: [{ algorithm: paths, params: { x: [0.6, 1] } }]',
  ]);
  expect(pinwalk('sweep', sweep)).toContain('chosen');
});

test('a Node that is too old gets one line with the remedy from the installed command', (context) => {
  const old = oldNode();
  if (old === undefined) {
    context.skip('there is no older Node on this machine');
    return;
  }
  // The suite's own hook is in TypeScript, which it cannot read.
  const options = { env: { ...process.env, NODE_OPTIONS: '' }, encoding: 'utf8' } as const;
  const { stderr, status } = spawnSync(old, [main, '--version'], options);
  expect(stderr).toMatch(/^pinwalk needs Node 24 or newer, this is v[\d.]+: .*npm install node@24.*\n$/);
  expect(status).toBe(1);
  const imported = spawnSync(old, ['--input-type=module', '-e', "import 'pinwalk'"], {
    ...options,
    cwd: user,
  });
  expect(imported.stderr).toMatch(/Error: pinwalk needs Node 24 or newer, this is v[\d.]+: install Node 24/);
});

test('the installed server serves recommendations, its page, the scripts of the page, and /docs', async () => {
  const args = [main, 'serve', '--data', 'five', '--port', '0', '--threads', '1'];
  const child = spawn(process.execPath, args, {
    cwd: user,
    env: commandEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /http:\S+/.exec(text.toString())![0];
    const get = async (at: string) => {
      const response = await fetch(url + at);
      return { status: response.status, text: await response.text() };
    };
    expect((await get('/v1/pins/basil/related?limit=1')).text).toContain('"pin":"tomato"');
    const page = await get('/');
    const scripts = [...page.text.matchAll(/(?:src|href)="(\/explorer\/[^"]+)"/g)].map(([, file]) => file!);
    expect(page.status).toBe(200);
    expect(scripts.length).toBeGreaterThan(1);
    for (const file of scripts) {
      const { status, text: code } = await get(file);
      expect([file, status]).toEqual([file, 200]);
      expect(code.length).toBeGreaterThan(100);
    }
    expect((await get('/docs')).status).toBe(200);
    expect(JSON.parse((await get('/openapi.json')).text)).toMatchObject({
      info: { version: manifest.version },
    });
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
});

test('the installed library exports what the sources export, runs, and can be required', () => {
  const names = "console.log(Object.keys(await import('pinwalk')).join())";
  const source = `console.log(Object.keys(await import('${path.join(root, 'index.ts')}')).join())`;
  const script = (code: string): string => run(process.execPath, ['--input-type=module', '-e', code]);
  expect(script(names)).toBe(script(source));
  const required = `const { openGraph, recommend } = require('pinwalk');
    console.log(recommend(openGraph('five'), { query: [{ pin: 'basil' }] }).items[0].pin)`;
  expect(run(process.execPath, ['-e', required])).toBe('tomato\n');
});

test('the examples of docs/library.md run and type-check against the package, with strict and nodenext alone', () => {
  const examples = [
    ...read('docs/library.md').matchAll(/```ts\n([\s\S]*?)\n```(?:\n\n```text\n([^`]*)```)?/g),
  ];
  expect(examples).toHaveLength(4);
  for (const [i, [, code, output]] of examples.entries()) {
    writeFileSync(path.join(user, `example-${i}.mts`), code!);
    expect(run(process.execPath, [`example-${i}.mts`])).toBe(output);
  }
  writeFileSync(path.join(user, 'wrong.mts'), "import { openGraph } from 'pinwalk';\nopenGraph(5);\n");
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    noEmit: true,
    target: 'es2024',
  };
  writeFileSync(path.join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc')], {
    encoding: 'utf8',
    cwd: user,
  });
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^wrong\.mts\(2,11\): error TS2345/)]);
});
