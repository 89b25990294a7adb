/**
 * Clients generated from /openapi.json, unchanged, by the generators that npm has: each is generated, type-checked with `strict`, and
 * gets typed recommendations from a real server. The generators come from the registry, since they bring a TypeScript and
 * 57 MB; without it, this is skipped. docs/rest.md has the same for Python.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveForSuite } from '../api/server.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { commandEnv } from '../scripts/command.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = temporaryFolder(afterAll);
const server = serveForSuite((data) => importSaves(data, ['ann pasta basil', 'ann pasta tomato']));
const generators = ['openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', '@hey-api/openapi-ts@0.95.0'];
let whyNot: string | undefined;

/** Runs a command beside the server, which is in this process. Resolves with what it prints, or its fault. */
async function run(command: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, env: commandEnv() };
  return promisify(execFile)(command, args, options).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `failed: ${stdout}${stderr}`,
  );
}

const node = (file: string, ...args: string[]) => run(process.execPath, path.join(folder, file), ...args);

beforeAll(async () => {
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0'];
  const installed = await run('npm', 'install', ...quiet, ...generators);
  if (installed.startsWith('failed')) whyNot = `npm cannot install the generators: ${installed}`;
  writeFileSync(path.join(folder, 'openapi.json'), JSON.stringify((await server.get('/openapi.json')).body));
});

/** Compiles `code`, with `strict`, to what Node runs; returns what it prints against the server. */
async function checkAndRun(name: string, code: string): Promise<string> {
  writeFileSync(path.join(folder, `${name}.ts`), code);
  const compilerOptions = {
    module: 'nodenext',
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules/@types')],
    rootDir: '.',
    outDir: 'out',
  };
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [`${name}.ts`] }),
  );
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  expect(await run(process.execPath, tsc, '-p', folder)).toBe('');
  return node(`out/${name}.js`, server.url);
}

const request = `{ body: { query: [{ pin: 'basil' }, { board: 'pasta', weight: 2 }], exclude: { saved: false } } }`;
const print = `if (data === undefined) throw new Error(JSON.stringify(error));
const items: { rank: number; pin?: string; score: number }[] = data.items;
console.log(items.map(({ rank, pin }) => \`\${rank} \${pin}\`).join());
// @ts-expect-error a limit is a number
`;

test('a client of openapi-typescript and openapi-fetch type-checks, and gets typed recommendations', async (context) => {
  if (whyNot !== undefined) context.skip(whyNot);
  const generated = await node(
    'node_modules/openapi-typescript/bin/cli.js',
    'openapi.json',
    '-o',
    'paths.ts',
  );
  expect(generated).not.toContain('failed');
  const code = `import createClient from 'openapi-fetch';
import type { paths } from './paths.js';
const client = createClient<paths>({ baseUrl: process.argv[2]! });
const { data, error } = await client.POST('/v1/recommendations', ${request});
${print}void (() => client.GET('/v1/pins/{pin}/related', { params: { path: { pin: 'basil' }, query: { limit: 'x' } } }));`;
  expect(await checkAndRun('fetching', code)).toBe('1 tomato\n');
});

test('a client of @hey-api/openapi-ts type-checks, and gets typed recommendations', async (context) => {
  if (whyNot !== undefined) context.skip(whyNot);
  const options = ['-i', 'openapi.json', '-o', 'hey', '-c', '@hey-api/client-fetch'];
  expect(await node('node_modules/@hey-api/openapi-ts/bin/run.js', ...options)).not.toContain('failed');
  const code = `import { client } from './hey/client.gen.js';
import { recommend, relatedPins } from './hey/index.js';
client.setConfig({ baseUrl: process.argv[2]! });
const { data, error } = await recommend(${request});
${print}void (() => relatedPins({ path: { pin: 'basil' }, query: { limit: 'x' } }));`;
  expect(await checkAndRun('hey-client', code)).toBe('1 tomato\n');
});
