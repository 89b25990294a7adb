import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nextBelow, nextUnit, numberOfKey, randomStream } from '../../../engine/index.ts';
import {
  type Interaction,
  InteractionWriter,
  LiveModel,
  activateModel,
  openDataFolder,
  trainModel,
  version as codeVersion,
} from '../../../graph-data/index.ts';
import { type BenchCase, hashOf } from '../case.ts';

const [people, pins, listLength, days] = [5_000, 20_000, 10, 28];
const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const options = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion } as const; // prettier-ignore

/** Time to count a log of so many impressions, and then one list more. Seeded. */
export function benchFollowing(impressions: number): BenchCase[] {
  const folder = openDataFolder(path.join(mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-')), 'data'));
  try {
    const rows = logOf(impressions);
    write(folder, rows);
    activateModel(folder, trainModel(folder, options).version);
    const model = new LiveModel(folder, 'click');
    const until = start + (days + 1) * dayMs;
    const wholeMs = followMs(model, until);
    write(folder, logOf(listLength, until + 1_000));
    const nextMs = followMs(model, until + dayMs / 2);
    const { probabilities } = model.scores({
      user: 'u1',
      surface: 'home',
      pipeline: undefined,
      pins: Float64Array.from({ length: 100 }, (_, pin) => numberOfKey(`p${pin}`)),
      scores: new Float64Array(100),
    });
    const hash = hashOf([...probabilities]);
    return [
      { name: 'count-log', value: (1_000 * wholeMs) / rows.length, unit: 'µs an interaction', ratios: {}, hash }, // prettier-ignore
      { name: 'count-list', value: nextMs, unit: 'ms', ratios: {}, hash },
    ];
  } finally {
    rmSync(path.dirname(folder.root), { recursive: true, force: true });
  }
}

function followMs(model: LiveModel, until: number): number {
  const began = performance.now();
  const steps = model.follow(until);
  while (steps.next().done !== true);
  return performance.now() - began;
}

function write(folder: ReturnType<typeof openDataFolder>, rows: readonly Interaction[]): void {
  const writer = new InteractionWriter(folder, 1_000);
  writer.apply([{ rows, time: start }]);
  writer.close();
}

/** Lists over some days, with clicks on a fifth of the pins. */
function logOf(impressions: number, from = start): Interaction[] {
  const stream = randomStream(2);
  const rows: Interaction[] = [];
  for (let i = 0; i < impressions; i++) {
    const list = Math.floor(i / listLength);
    const of = { user: `u${(list * 7_919) % people}`, recommendationId: `${from} ${list}`, surface: 'home' };
    const at = from + Math.floor((days * dayMs * list * listLength) / Math.max(impressions, 1_000));
    const pin = `p${nextBelow(stream, pins)}`;
    rows.push({ ...of, kind: 'impression', pin, rank: 1 + (i % listLength), score: nextUnit(stream), at });
    if (nextUnit(stream) < 0.2) rows.push({ ...of, kind: 'click', pin, at: at + nextBelow(stream, 60_000) });
  }
  return rows;
}
