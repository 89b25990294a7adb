/**
 * `npm run first-hour`: follows README.md literally, in a fresh clone of the last commit: writes its files, runs each command of
 * its blocks, compares the output with the page, and sends its requests. Takes some minutes and the network;
 * `--downloads DIR` takes the sample's package from the `downloads` of a data folder. Ends after `--minutes N` (15) whatever happens,
 * and leaves no process.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { freePort } from '../free-port.ts';
import { print } from '../output.ts';
import { Reader } from './reader.ts';
import { stepsOf } from './readme.ts';

/** Commands that do not end by themselves. */
const servers = /\bnpm start\b|\bserve\b/;
/** The tests have a command of their own, which this one would only repeat. */
const skipped = /\bnpm test\b/;
/** Its output has durations, which the README leaves out. */
const unlike = / build /;

const { values } = parseArgs({
  options: { downloads: { type: 'string' }, minutes: { type: 'string', default: '15' } },
});
const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'pinwalk-first-hour-'));
const clone = path.join(folder, 'pinwalk');
const signal = AbortSignal.timeout(Number(values.minutes) * 60_000);
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

try {
  const cloned = spawnSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' });
  check('a fresh clone', cloned.status === 0);
  if (values.downloads !== undefined)
    cpSync(values.downloads, path.join(clone, 'data/downloads'), { recursive: true });
  bringFiles();
  await follow(readFileSync(path.join(clone, 'README.md'), 'utf8'));
  print('first hour: the README holds');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function follow(readme: string): Promise<void> {
  // The reader's shell finds the machine's own npm and Node.
  const { PATH, HOME } = process.env;
  const own = (PATH ?? '').split(':').filter((each) => !each.includes('node_modules/.bin'));
  const env = { PATH: own.join(':'), HOME, PINWALK_PORT: String(port) };
  await using reader = new Reader(clone, env, signal);
  let start = '';
  for (const step of stepsOf(readme)) {
    if (step.kind === 'write') {
      writeFileSync(path.join(clone, step.file), step.text);
      continue;
    }
    const { command, shown } = step;
    const began = performance.now();
    if (skipped.test(command)) print(`skipped: ${command}`);
    else if (servers.test(command)) {
      if (start === '') start = command;
      await reader.serve(command, isReady);
      print(`ok: ${command} (${secondsSince(began)} s until it is ready)`);
    } else if (command.startsWith('curl')) {
      // Its pins are those of the sample.
      await reader.serve(start, isReady);
      const { code, stdout } = await reader.run(command.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`));
      checkAnswer(code, stdout);
      await checkCalls(readme);
    } else {
      const { code, stdout, stderr } = await reader.run(command);
      check(`${command} (${secondsSince(began)} s)${code === 0 ? '' : `\n${stdout}${stderr}`}`, code === 0);
      if (shown.length > 0 && !unlike.test(command)) compare(command, stdout, shown);
    }
  }
}

/** `saves.parquet` and `pins.csv.gz`: in the README, the reader's own files. */
function bringFiles(): void {
  const saves = ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato'].map((line) => line.split(' '));
  const columnData = ['user', 'board', 'pin'].map((name, i) => ({
    name,
    data: saves.map((save) => save[i]!),
  }));
  writeFileSync(path.join(clone, 'saves.parquet'), Buffer.from(parquetWriteBuffer({ columnData })));
  writeFileSync(path.join(clone, 'pins.csv.gz'), gzipSync('pin,title\nbasil,Basil\n'));
}

function compare(command: string, stdout: string, shown: readonly string[]): void {
  const printed = stdout.trimEnd().split('\n');
  const isSame = printed.join('\n') === shown.join('\n');
  const both = `README:\n${shown.join('\n')}\nprinted:\n${printed.join('\n')}`;
  check(`${command} prints what the README shows${isSame ? '' : `\n${both}`}`, isSame);
}

/** The recommendations that the README's request asks for. */
function checkAnswer(code: number | null, text: string): void {
  check('curl of the README', code === 0);
  const { items } = JSON.parse(text) as { items?: { pin: string; reason?: { text: string } }[] };
  check(
    `five items with reasons: ${text.slice(0, 200)}`,
    items?.length === 5 && items.every(({ reason }) => reason !== undefined),
  );
  check(
    'no pin of the query, nor an excluded one',
    !items!.some(({ pin }) => ['express', 'mongoose', 'mocha'].includes(pin)),
  );
}

/** Every path that the section on REST names. */
async function checkCalls(readme: string): Promise<void> {
  const section = readme.slice(readme.indexOf('\n## REST'), readme.indexOf('\n## Deploy'));
  const keys = { pin: 'express', board: encodeURIComponent('express/dependencies'), user: 'express' };
  const paths = [...section.matchAll(/`(?:GET )?(\/[^`\s]+)`/g)].map(([, named]) =>
    named!.replaceAll(/\{(pin|board|user)\}/g, (_, kind: keyof typeof keys) => keys[kind]),
  );
  check(`the section on REST names ${paths.length} paths`, paths.length >= 7);
  for (const each of ['/', ...paths]) {
    const { status } = await fetch(url + each, { signal });
    check(`GET ${each}: ${status}`, status === 200);
  }
  const save = { user: 'reader', board: 'first hour', pin: 'express' };
  const headers = { 'content-type': 'application/json' };
  const written = await fetch(`${url}/v1/saves`, {
    method: 'POST',
    headers,
    body: JSON.stringify(save),
    signal,
  });
  check(`POST /v1/saves: ${written.status}`, written.status === 201);
  const feed = await fetch(`${url}/v1/users/reader/feed`, { signal });
  const { items } = (await feed.json()) as { items: unknown[] };
  check('the next walk uses the save', items.length > 0);
}

async function isReady(): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function check(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`failed: ${what}`);
  print(`ok: ${what}`);
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}
