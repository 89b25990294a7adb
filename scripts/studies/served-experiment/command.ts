import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { ExperimentReportResponse } from '../../../api/contract/index.ts';
import { type RandomStream, nextBelow, randomStream } from '../../../engine/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { freePort } from '../../free-port.ts';
import { print } from '../../output.ts';
import { type World, actsOn, createWorld } from './world.ts';

const main = path.join(import.meta.dirname, '../../main.js');
const peoplePerLook = 200;
const listsPerPerson = 5;
const batchSize = 100;

/** Of an A/A test, both arms have the same pipeline. */
const experimentOf = (isSame: boolean) => ({
  surface: 'related',
  arms: [
    { name: 'default', share: 1 },
    { name: 'specific', share: 1, algorithm: 'related', ...(!isSame && { params: { specificity: 0.9 } }) },
  ],
  metric: 'click/impressions',
  guardrails: [{ metric: 'hide/impressions' }],
  plannedUsers: 1_000,
});

export function servedExperimentCommand(): Command {
  return new Command('served-experiment')
    .description(
      'A whole experiment on a real server: simulated people, a report after every 200, a winner, its promotion.',
    )
    .option(
      '--people-max <n>',
      'people after which it ends undecided',
      integer(peoplePerLook, 100_000),
      4_000,
    )
    .option('--same', 'an A/A test: both arms run the same pipeline, so no winner may be found')
    .option('--seed <n>', 'of the people and the graph', integer(0), 1)
    .action(async (options: Options) => {
      const root = mkdtempSync(path.join(tmpdir(), 'pinwalk-experiment-'));
      try {
        const stream = randomStream(options.seed);
        const world = createWorld(stream);
        writeFileSync(path.join(root, 'saves.csv'), `user,board,pin\n${world.saves.join('\n')}\n`);
        pinwalk('import', path.join(root, 'saves.csv'), '--data', path.join(root, 'data'));
        pinwalk('build', '--data', path.join(root, 'data'));
        await serving(path.join(root, 'data'), async (call) => run(call, world, stream, options));
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
}

interface Options {
  readonly peopleMax: number;
  readonly same?: true;
  readonly seed: number;
}

type Call = <Body>(method: string, address: string, body?: unknown) => Promise<Body>;

async function run(
  call: Call,
  world: World,
  stream: RandomStream,
  { peopleMax, same }: Options,
): Promise<void> {
  await call('PUT', '/v1/experiments/specific', experimentOf(same === true));
  for (let people = 0; people < peopleMax; people += peoplePerLook) {
    for (let lists = 0; lists < peoplePerLook * listsPerPerson; lists += batchSize)
      await show(call, world, stream, { from: people, lists });
    const { metrics, sampleRatio, arms } = await call<ExperimentReportResponse>(
      'GET',
      '/v1/experiments/specific/report',
    );
    const [decides, hides] = metrics;
    const { value, raw, adjusted, verdict } = decides!.effects[0]!;
    const { low, high } = (adjusted ?? raw).anyLook;
    print(
      `${people + peoplePerLook} people (${arms.map(({ users }) => users).join(' and ')}): clicks ${percent(decides!.controlValue)} and ` +
        `${percent(value)}, difference ${percent(low)} to ${percent(high)}: ${verdict}; hides ${hides!.effects[0]!.verdict}; sample ratio ${sampleRatio.isOff ? 'off' : 'as intended'}`,
    );
    if (verdict === 'undecided') continue;
    const winner = verdict === 'higher' ? 'specific' : 'default';
    print(`The winner is ${winner}.`);
    if (winner !== 'specific') return;
    await call('POST', '/v1/experiments/specific/promotion', { arm: winner, preset: 'related' });
    // A running server knows a preset within a second.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { algorithm } = await call<{ algorithm: { params: { specificity: number } } }>(
      'GET',
      '/v1/pins/p0/related',
    );
    print(`Promoted: everybody's related now has specificity ${algorithm.params.specificity}.`);
    return;
  }
  print('Undecided.');
}

interface Shown {
  readonly recommendationId: string;
  readonly items: readonly { readonly rank: number; readonly pin: string }[];
}

/** People look at a pin of a topic that they like, see the related ones, and act. */
async function show(
  call: Call,
  world: World,
  stream: RandomStream,
  { from, lists }: { readonly from: number; readonly lists: number },
): Promise<void> {
  const visits = Array.from({ length: batchSize }, (_, i) => {
    const person = from + Math.floor((lists + i) / listsPerPerson);
    const topic = person % world.topicCount;
    return { viewer: `person-${person}`, topic, pin: `p${topic + world.topicCount * nextBelow(stream, 30)}` };
  });
  const requests = visits.map(({ viewer, pin }) => ({
    query: [{ pin }],
    limit: 8,
    surface: 'related',
    viewer,
    record: true,
  }));
  const { answers } = await call<{ answers: { answer: Shown }[] }>('POST', '/v1/recommendations/batch', {
    requests,
  });
  const actions = answers.flatMap(({ answer: { recommendationId, items } }, i) => {
    const { viewer, topic } = visits[i]!;
    return actsOn(world, topic, items, stream).map(({ kind, pin }) => ({
      kind,
      pin,
      user: viewer,
      recommendationId,
    }));
  });
  if (actions.length > 0) await call('POST', '/v1/interactions', actions);
}

/** Starts a server on a folder, and ends it. */
async function serving(data: string, use: (call: Call) => Promise<void>): Promise<void> {
  const port = await freePort();
  const server = spawn(process.execPath, [main, 'serve', '--data', data, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  const url = `http://127.0.0.1:${port}`;
  try {
    const isReady = async (): Promise<boolean> =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) {
      if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await use(async <Body>(method: string, address: string, body?: unknown) => {
      const response = await fetch(url + address, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${address}: ${await response.text()}`);
      return (await response.json()) as Body;
    });
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

function pinwalk(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pinwalk ${args[0]}: ${stderr}`);
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${(100 * share).toFixed(2).replace('-', '−')} %`;
}
