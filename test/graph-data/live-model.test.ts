import { cpSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import {
  FeatureState,
  featureRows,
  nextUnit,
  numberOfKey,
  probabilityIn,
  randomStream,
} from '../../engine/index.ts';
import { LiveCounters } from '../../graph-data/models/live-counters.ts';
import { entityNumbers, readModelLog } from '../../graph-data/models/model-log.ts';
import { TrailingRows } from '../../graph-data/models/trailing-rows.ts';
import {
  type DataFolder,
  type Interaction,
  InteractionWriter,
  LiveModel,
  activateModel,
  loadModel,
  trainModel,
} from '../../graph-data/index.ts';
import { clickLog, clickLogStart, writeInteractions } from '../click-log.ts';
import { temporaryDataFolder } from '../data-folders.ts';

const hourMs = 3_600_000;
const until = clickLogStart + 930 * hourMs;
const all = clickLog(900);
const folder = temporaryDataFolder(afterAll);
writeInteractions(folder, all);
const { version } = trainModel(folder, { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'Europe/Berlin', randomSeed: 1, codeVersion: 'test' }); // prettier-ignore
activateModel(folder, version);
const model = loadModel(folder, version);

/** A folder with the same model, without interactions. */
function emptyFolder(): DataFolder {
  const other = temporaryDataFolder();
  cpSync(`${folder.root}/models`, `${other.root}/models`, { recursive: true });
  return other;
}

function follow(live: LiveModel, time: number): void {
  const steps = live.follow(time);
  while (steps.next().done !== true);
}

const candidates = {
  user: 'u7',
  surface: 'home',
  pipeline: undefined,
  pins: Float64Array.from({ length: 45 }, (_, pin) => numberOfKey(`p${pin}`)),
  scores: Float64Array.from({ length: 45 }, (_, pin) => 1 / (1 + pin)),
};

/** The bytes of what a model says of some candidates. */
function bytesOf(live: LiveModel): Buffer {
  const { probabilities, asOf, version: by } = live.scores(candidates);
  expect({ asOf, by }).toEqual({ asOf: until, by: version });
  expect(new Set(probabilities).size).toBeGreaterThan(35);
  return Buffer.from(probabilities.buffer);
}

function scoredAtOnce(of: DataFolder): Buffer {
  const live = new LiveModel(of, 'click');
  follow(live, until);
  return bytesOf(live);
}

test('live features equal the features of training, bit by bit, at every moment of the log', () => {
  const { log, fields } = readModelLog(folder, { windowMs: 24 * hourMs, zone: 'Europe/Berlin' });
  const state = new FeatureState(model.header.features as never, fields);
  const rows = featureRows(log, state);
  const { width } = state;
  for (const row of [0, 5, 333, 2_222, 4_499]) {
    const time = log.times[row]!;
    const counters = new LiveCounters(folder, model);
    const steps = counters.advance(time - 1);
    while (steps.next().done !== true);
    const own = new Float64Array(width);
    const entities = log.entities.subarray(row * 4, row * 4 + 4);
    counters.state.read({ time, entities, numbers: log.numbers.subarray(2 * row, 2 * row + 2), zone: 'Europe/Berlin' }, own); // prettier-ignore
    expect([...own]).toEqual([...rows.subarray(row * width, (row + 1) * width)]);
  }
  expect(entityNumbers({ user: 'u7', pin: undefined })).toEqual([numberOfKey('u7'), -1, -1, -1]);
});

test('counters that follow a growing log have the same bytes as counters that read it at once', () => {
  const growing = emptyFolder();
  const live = new LiveModel(growing, 'click');
  const inOrder = all.toSorted((a, b) => a.at! - b.at!);
  for (let start = 0; start < inOrder.length; start += 700) {
    const part = inOrder.slice(start, start + 700);
    writeInteractions(growing, part);
    // Some of the last moment may still be to come.
    follow(live, part.at(-1)!.at! - 1);
  }
  follow(live, until);
  expect(bytesOf(live)).toEqual(scoredAtOnce(folder));
});

test('after late interactions and erasures, counters are those of the stored rows', () => {
  const other = emptyFolder();
  const isLate = (_: Interaction, i: number): boolean => i % 17 === 3;
  writeInteractions(
    other,
    all.filter((each, i) => !isLate(each, i)),
  );
  const live = new LiveModel(other, 'click');
  follow(live, until);
  const before = bytesOf(live);
  writeInteractions(other, all.filter(isLate));
  follow(live, until);
  expect(bytesOf(live)).toEqual(scoredAtOnce(folder));
  expect(bytesOf(live)).not.toEqual(before);
  const writer = new InteractionWriter(other, 1_000);
  writer.erase('u7');
  writer.close();
  follow(live, until);
  expect(bytesOf(live)).toEqual(scoredAtOnce(other));
});

test('another model takes over when it is activated, and a faulty pointer keeps the previous one', () => {
  const other = emptyFolder();
  writeInteractions(other, all);
  const live = new LiveModel(other, 'click');
  follow(live, until);
  const trained = trainModel(other, { label: 'click', learner: 'trees', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion: 'test' }); // prettier-ignore
  activateModel(other, trained.version);
  follow(live, until);
  expect(live.scores(candidates).version).toBe(trained.version);
  rmSync(`${other.root}/models/active.json`);
  expect(() => follow(live, until)).toThrow('there is no active model of "click": train one');
  expect(live.scores(candidates).version).toBe(trained.version);
});

test('the calibration follows the last seven days by surface, and its file replays from the interactions', () => {
  const other = emptyFolder();
  writeInteractions(other, all);
  const live = new LiveModel(other, 'click', true);
  follow(live, until);
  const file = `${other.root}/models/${version}.calibration.json`;
  const first = readFileSync(file, 'utf8');
  const { surfaces, ...content } = JSON.parse(first) as { surfaces: { surface: string }[] };
  expect(content).toMatchObject({ model: version, label: 'click', at: '2026-10-09T00:00:00.000Z', days: 7 });
  expect(surfaces.map(({ surface }) => surface)).toEqual(['home', 'related']);
  rmSync(file);
  follow(new LiveModel(other, 'click', true), until);
  expect(readFileSync(file, 'utf8')).toBe(first);
  follow(new LiveModel(other, 'click', true), until + 24 * hourMs);
  expect(readFileSync(file, 'utf8')).not.toBe(first);
});

test('a refreshed calibration undoes a drift; rows count once their window has closed, and for a week', () => {
  const stream = randomStream(5);
  const rows = new TrailingRows(24 * hourMs);
  const ofModel = { all: { slope: 1, intercept: 0 }, channels: new Map() };
  const day = Date.UTC(2026, 9, 1);
  // The model says 0.3 on the mean; actions are half as many on channel 1, and as many as it says on channel 2.
  for (let i = 0; i < 20_000; i++) {
    const time = day + i * 60_000;
    const channel = 1 + (i % 2);
    const logOdds = 2 * nextUnit(stream) - 2;
    const row = rows.shown(time, channel, logOdds);
    const p = 1 / (1 + Math.exp(-logOdds));
    if (nextUnit(stream) < (channel === 1 ? p / 2 : p)) rows.acted(row);
  }
  const at = Date.UTC(2026, 9, 12, 13);
  const { at: midnight, rows: count, positives, by } = rows.refreshed(at, ofModel);
  expect(midnight).toBe(Date.UTC(2026, 9, 12));
  // Of eight days before, the last one is open.
  expect(count).toBe(7 * 24 * 60);
  const predicted = (channel: number): number => {
    let sum = 0;
    for (let i = 0; i < 1_000; i++) sum += probabilityIn(by, channel, (2 * i) / 1_000 - 2) / 1_000;
    return sum;
  };
  expect(predicted(2) / predicted(1)).toBeGreaterThan(1.6);
  expect(predicted(2) / predicted(1)).toBeLessThan(2.2);
  expect(Math.abs(positives / count - (predicted(1) + predicted(2)) / 2)).toBeLessThan(0.01);
  // A row that was forgotten.
  rows.acted(0);
  expect(rows.refreshed(at, ofModel).positives).toBe(positives);
  // Nothing to go by: the calibration of the model.
  expect(new TrailingRows(hourMs).refreshed(at, ofModel).by).toEqual(ofModel);
});

test('a model that learns online has the weights of its file where its training ended, bit by bit', () => {
  const counters = new LiveCounters(folder, model);
  const steps = counters.advance(Math.max(...all.map(({ at }) => at!)));
  while (steps.next().done !== true);
  const entities = Float64Array.from([numberOfKey('u7'), numberOfKey('p12'), numberOfKey('home'), -1]);
  const of = { time: until, entities, numbers: Float64Array.of(0.5, 1), zone: 'Europe/Berlin' };
  const [online, trained] = [counters.scorer, model.scorer].map((scorer) => {
    const { base, features } = scorer.reasons(counters.state, of, 1);
    return { base, contributions: features.map(({ contribution }) => contribution) };
  });
  expect(online).toEqual(trained);
  expect(online!.contributions.length).toBeGreaterThan(15);
});

test('a model that learns online follows a change of taste; one that does not keeps its trained weights', () => {
  const other = temporaryDataFolder();
  const stream = randomStream(8);
  // One half of the pins is liked, then the other.
  const rateOf = (pin: number, list: number): number => (pin <= 20 === list < 600 ? 0.6 : 0.05);
  const rows = Array.from({ length: 1_200 }, (_, list): Interaction[] => {
    const at = clickLogStart + list * hourMs;
    const of = { user: `u${list % 40}`, recommendationId: `r${list}` };
    return [1, 2, 3, 4, 5].flatMap((rank) => {
      const pin = 1 + Math.floor(40 * nextUnit(stream));
      const shown: Interaction = { ...of, kind: 'impression', pin: `p${pin}`, rank, score: 1, at };
      const isClicked = nextUnit(stream) < rateOf(pin, list);
      return isClicked ? [shown, { ...of, kind: 'click', pin: `p${pin}`, at: at + 60_000 }] : [shown];
    });
  });
  writeInteractions(other, rows.slice(0, 600).flat());
  const options = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion: 'test' } as const; // prettier-ignore
  const versions = [true, false].map((online) => trainModel(other, { ...options, online }).version);
  writeInteractions(other, rows.slice(600).flat());
  const [online, frozen] = versions.map((trained) => {
    activateModel(other, trained);
    const live = new LiveModel(other, 'click');
    follow(live, clickLogStart + 1_200 * hourMs);
    const { probabilities } = live.scores({
      ...candidates,
      pins: candidates.pins.slice(1, 41),
      scores: new Float64Array(40).fill(1),
    });
    // How far the probabilities are from the true rates (Kullback-Leibler).
    return probabilities.reduce((sum, p, i) => {
      const rate = rateOf(i + 1, 1_199);
      return sum + rate * Math.log(rate / p) + (1 - rate) * Math.log((1 - rate) / (1 - p));
    }, 0);
  });
  expect(online).toBeLessThan(0.9 * frozen!);
});
