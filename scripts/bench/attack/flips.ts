import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createApp, createLog, createService, drain, listen } from '../../../api/index.ts';
import { configure } from '../../../api/operations/index.ts';
import { type RandomStream, nextBelow, randomStream } from '../../../engine/index.ts';
import { type DataFolder, DataError, isStorageError, messageOf } from '../../../graph-data/index.ts';
import { copyOf, makeKilledFolder } from './killed-folder.ts';
import type { Outcome, Trial } from './trial.ts';

type Folder = Awaited<ReturnType<typeof makeKilledFolder>>;

/** The responses of a server on a folder, and the faults that it reported. */
interface Seen {
  readonly responses: readonly string[];
  readonly said: readonly string[];
}

const checkMsMax = 60_000;
/** A server indexes texts with its first search; results are others until then. */
const indexMsMax = 10_000;

/**
 * Flips one bit, or cuts the end, of each file of a data folder that a kill has left, starts a server on it and
 * reads everything. The server must respond as with the undamaged folder, or report the damage: refuse to
 * start, respond with 503, log an error, or find it by its check of the database.
 */
export const flips: Trial = async ({ isSmall, seed, folder }) => {
  const times = isSmall ? 1 : 100;
  const random = randomStream(seed);
  const killed = await makeKilledFolder(folder, seed);
  const whole = await observe(copyOf(killed.root, `${folder}/whole`), killed, []);
  if (whole.said.length > 0) throw new Error(`the whole folder is not sound: ${whole.said[0]}`);
  const outcomes: Outcome[] = [];
  const files = filesIn(killed.root);
  for (const [number, file] of (isSmall ? files.filter((_, i) => i % 3 === 0) : files).entries()) {
    const found = { right: 0, said: 0, unindexed: 0, silent: 0 };
    const examples: string[] = [];
    for (let i = 0; i < times; i++) {
      const data = copyOf(killed.root, `${folder}/damaged`);
      const damage = damageFile(path.join(data.root, file), (number + i) % 2 === 0, random);
      const seen = await observe(data, killed, whole.responses);
      const differing = seen.responses.findIndex((response, each) => response !== whole.responses[each]);
      const verdict = verdictOn(seen, whole.responses);
      found[verdict]++;
      if (verdict === 'silent') examples.push(`${file}, ${damage}: ${killed.paths[differing]}`);
      rmSync(data.root, { recursive: true, force: true });
    }
    for (const example of examples) process.stderr.write(`flips: silent: ${example}\n`);
    outcomes.push({
      name: `flips/${file.replace(/[0-9a-f]{16}/, (version) => (version === whole.active ? 'active' : 'earlier'))}`,
      load: `${times} changes: flipped bits and truncations in turn`,
      measured: `${found.right} right, ${found.said} said, ${found.unindexed} only in unindexed values, ${found.silent} silent`,
      bound: '0 silent beside unindexed values',
      held: found.silent === 0,
    });
  }
  return outcomes;
};

function verdictOn(
  { responses, said }: Seen,
  whole: readonly string[],
): 'right' | 'said' | 'unindexed' | 'silent' {
  const differing = whole.flatMap((response, i) => (response === responses[i] ? [] : i));
  if (differing.length === 0) return 'right';
  if (said.length > 0) return 'said';
  const isUnindexed = differing.every((i) => withoutUnindexed(responses[i]!) === withoutUnindexed(whole[i]!));
  return isUnindexed ? 'unindexed' : 'silent';
}

/** Without the values that only the file system could check: no index repeats them (docs/operations.md). */
function withoutUnindexed(response: string): string {
  return response.replaceAll(
    /"(?:text|url|imageUrl|attributes|weight)":(?:"[^"]*"|\{[^}]*\}|[\d.]+|null)/g,
    '',
  );
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(root, file)).isFile())
    .toSorted();
}

function damageFile(file: string, isFlip: boolean, random: RandomStream): string {
  const bytes = readFileSync(file);
  const at = nextBelow(random, bytes.length);
  if (!isFlip) {
    writeFileSync(file, bytes.subarray(0, at));
    return `cut to ${at} of ${bytes.length} bytes`;
  }
  const bit = nextBelow(random, 8);
  bytes[at]! ^= 1 << bit;
  writeFileSync(file, bytes);
  return `bit ${bit} of byte ${at} flipped`;
}

/** Starts a server, in this process, and sends it every request; `expected`: the right responses. */
async function observe(
  data: DataFolder,
  killed: Folder,
  expected: readonly string[],
): Promise<Seen & { active?: string }> {
  const said: string[] = [];
  const write = (line: string): void => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    if (level >= 40) said.push(msg);
  };
  const { settings } = configure({
    environment: {},
    flags: { threads: '1', rateLimitPerMinute: '0', queueMsMax: '10000' },
  });
  let service: ReturnType<typeof createService>;
  try {
    service = createService({ folder: data, settings, log: createLog('info', { write }) });
  } catch (error) {
    return refusal(error);
  }
  const listening = await listen(createApp(service), '127.0.0.1', 0, service);
  try {
    try {
      await service.start();
    } catch (error) {
      return refusal(error);
    }
    await ready(listening.url);
    const responses = await readAll(listening.url, killed);
    const isRight = responses.every((response, i) => response === expected[i]);
    if (responses.some((response) => response.startsWith('503'))) said.push('503');
    for (let waited = 0; said.length === 0 && waited < (isRight ? 0 : checkMsMax); waited += 50) {
      if (/^pinwalk_database_checked_timestamp_seconds [1-9]/m.test(await service.metrics.text())) break;
      await wait(50);
    }
    return {
      responses,
      said,
      ...(service.graphs.version !== undefined && { active: service.graphs.version }),
    };
  } finally {
    // To terminate a thread while it loads SQLite ends the process.
    while (service.jobs.running('build') !== undefined) await wait(20);
    await service.close(async () => drain(listening));
  }
}

/** `pinwalk serve` ends with such an error as its message. */
function refusal(error: unknown): Seen {
  if (!(error instanceof DataError) && !isStorageError(error)) throw error;
  return { responses: [], said: [messageOf(error)] };
}

/** A server without a snapshot builds one. */
async function ready(url: string): Promise<void> {
  for (let waited = 0; waited < 5_000; waited += 50) {
    const response = await fetch(`${url}/readyz`);
    if (response.status === 200 || !(await response.text()).includes('being built')) return;
    await wait(50);
  }
}

async function readAll(url: string, { keys, paths }: Folder): Promise<string[]> {
  const read = async (target: string, key: string, method = 'GET'): Promise<string> => {
    const response = await fetch(url + target, { method, headers: { authorization: `Bearer ${key}` } });
    return `${response.status} ${stable(await response.text())}`;
  };
  const responses: string[] = [];
  for (const target of paths) {
    let response = await read(target, keys.read);
    for (let waited = 0; response.includes('"index":"building"') && waited < indexMsMax; waited += 50) {
      await wait(50);
      response = await read(target, keys.read);
    }
    responses.push(response);
  }
  const [first = ''] = paths;
  responses.push(await read(first, keys.revoked), await read('/v1/pins/pin-1', keys.read, 'DELETE'));
  return responses;
}

/** Without what differs from server to server. */
function stable(text: string): string {
  return text.replaceAll(
    /"(recommendationId|requestId|walkMs|queueMs|searchMs|randomSeed|graphVersion)":("[^"]*"|[\d.e+-]+)/g,
    '',
  );
}
