import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type PipelineSettings,
  Engine,
  TopPins,
  buildGraph,
  nextBelow,
  randomStream,
  resolvePipeline,
  settingsNamed,
  sharedInt32Array,
} from '../../engine/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { recallAndNdcg } from '../reference/recall-and-ndcg.ts';
import { type Ended, pinwalk } from './command.ts';

/** Published data outside this project; without it, the tests are skipped. */
const gowalla = path.join(import.meta.dirname, '../../../shared/data/gowalla');
const k = 20;
const userCount = 120;
/** Reading the train part three times takes seconds, but many on a busy machine. */
const timeoutMs = 1_200_000;

/** Pins by user, in the order of the file. */
function readPins(name: string): Map<string, string[]> {
  const pins = new Map<string, string[]>();
  const text = gunzipSync(readFileSync(path.join(gowalla, name))).toString('utf8');
  for (const line of text.split('\n').filter(Boolean)) {
    const [user, pin] = line.split('\t') as [string, string];
    if (!pins.has(user)) pins.set(user, []);
    pins.get(user)!.push(pin);
  }
  return pins;
}

/** Recommends k pins by the engine alone, without the readers, splits, workers and metrics of the evaluation. */
function recommender(
  train: ReadonlyMap<string, readonly string[]>,
): (settings: PipelineSettings, user: string) => string[] {
  const pinKeys = [...new Set([...train.values()].flat())];
  const pinNumber = new Map(pinKeys.map((key, number) => [key, number]));
  const boardToUser = sharedInt32Array(train.size);
  for (let board = 0; board < train.size; board++) boardToUser[board] = board;
  const graph = buildGraph({
    boards: Int32Array.from([...train.values()].flatMap((pins, board) => pins.map(() => board))),
    pins: Int32Array.from([...train.values()].flat(), (pin) => pinNumber.get(pin)!),
    pinCount: pinKeys.length,
    boardToUser,
    userCount: train.size,
  });
  const engine = new Engine(graph);
  return (settings, user) => {
    const pins = train.get(user)!.map((pin) => pinNumber.get(pin)!);
    const top = new TopPins(k);
    const { algorithm, params } = resolvePipeline(settings).candidates;
    engine.recommend(algorithm, { pins, weights: pins.map(() => 1) }, params, 1, top);
    return top.drain().map(({ pin }) => pinKeys[pin]!);
  };
}

describe.skipIf(!existsSync(gowalla))('evaluate on Gowalla (skipped without ../shared/data/gowalla)', () => {
  let train: Map<string, string[]>;
  let heldOut: Map<string, string[]>;
  let users: string[];
  let args: string[];
  const folder = temporaryFolder(afterAll);
  beforeAll(() => {
    [train, heldOut] = [readPins('train.tsv.gz'), readPins('test.tsv.gz')];
    // The test file of the command has only the users drawn here.
    const all = [...heldOut.keys()];
    const stream = randomStream(2026);
    const drawn = new Set<string>();
    while (drawn.size < userCount) drawn.add(all[nextBelow(stream, all.length)]!);
    users = [...drawn];
    const file = path.join(folder, 'test.tsv');
    writeFileSync(
      file,
      users.flatMap((user) => heldOut.get(user)!.map((pin) => `${user}\t${pin}\n`)).join(''),
    );
    args = ['evaluate', '--train', path.join(gowalla, 'train.tsv.gz'), '--test', file];
    args.push('--algorithms', 'feed,feed-exact,popular', '--k', String(k), '--seeds', '2', '--json');
  });

  test(
    'evaluate agrees with recall and NDCG computed from their definitions, on one thread and on many',
    async () => {
      const [one, many] = (await Promise.all(
        ['1', '4'].map((threads) => pinwalk(...args, '--threads', threads)),
      )) as [Ended, Ended];
      expect([one.code, many.code]).toEqual([0, 0]);
      const withoutTimes = (text: string): string =>
        text.replaceAll(/"(seconds|msPerQueryP50|msPerQueryP99)": [\d.e-]+/g, '"$1": 0');
      expect(withoutTimes(many.stdout)).toBe(withoutTimes(one.stdout));
      expect(withoutTimes(one.stdout)).toContain('"intervals"');

      const { results } = JSON.parse(one.stdout) as { results: Record<string, number | string>[] };
      expect(results).toHaveLength(3);
      const recommend = recommender(train);
      for (const result of results) {
        const settings = settingsNamed(String(result['name']))!;
        const figures = users.map((user) => recallAndNdcg(recommend(settings, user), heldOut.get(user)!, k));
        const mean = (of: (figure: { recall: number; ndcg: number }) => number): number =>
          figures.reduce((sum, each) => sum + of(each), 0) / users.length;
        expect(result['users']).toBe(userCount);
        expect(Math.abs(Number(result['recall']) - mean(({ recall }) => recall))).toBeLessThan(1e-12);
        expect(Math.abs(Number(result['ndcg']) - mean(({ ndcg }) => ndcg))).toBeLessThan(1e-12);
        // Not close to 0, so that a small relative error shows.
        expect(Number(result['recall'])).toBeGreaterThan(0.01);
      }
    },
    timeoutMs,
  );
});
