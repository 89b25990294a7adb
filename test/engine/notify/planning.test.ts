import { expect, test } from 'vitest';
import {
  type SendFeatures,
  SendLearner,
  VolumeControl,
  ZoneHours,
  bestTime,
  decideOffer,
  hashedSlots,
  holdBackEarly,
  nextBelow,
  nextUnit,
  randomStream,
  sendTimes,
} from '../../../engine/index.ts';

const hourMs = 3_600_000;
const hours = new ZoneHours();

test('the times of a day lie an hour apart from now on, also where the clock skips or repeats an hour', () => {
  // The clocks of Berlin go forward on the 29th of March, and back on the 25th of October 2026.
  for (const [date, missing, twice] of [
    [Date.UTC(2026, 2, 28, 18), 2, undefined],
    [Date.UTC(2026, 9, 24, 18), undefined, 2],
    [Date.UTC(2026, 6, 1, 18), undefined, undefined],
  ] as const) {
    const times = sendTimes(hours, date + 40 * 60_000, 30, 'Europe/Berlin', undefined, 60_000);
    expect(times).toHaveLength(24);
    expect(times[0]!.time).toBe(date + 90 * 60_000);
    for (const [i, { time }] of times.entries()) expect(time - times[0]!.time).toBe(i * hourMs);
    const counts = new Map<number, number>();
    for (const { hour } of times) counts.set(hour, (counts.get(hour) ?? 0) + 1);
    const absent = [...Array(24).keys()].filter((hour) => !counts.has(hour));
    // With 23 hours on the clock, the last of the 24 comes a day later.
    if (missing !== undefined) expect(absent).toContain(missing);
    if (twice !== undefined) expect(counts.get(twice)).toBe(2);
  }
});

test('the best time is that of the largest share, the earliest of equals, and never one that is not allowed', () => {
  const night = { startMinute: 22 * 60, endMinute: 7 * 60 };
  const times = sendTimes(hours, Date.UTC(2026, 6, 1, 6), 59, 'UTC', night, 60_000);
  const shares = Float64Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 0.5 : hour > 19 ? 0.1 : 0.01));
  const isFree = ({ isQuiet }: { isQuiet: boolean }): boolean => !isQuiet;
  // 21:59 becomes quiet within the margin.
  expect(bestTime(times, shares, isFree)).toMatchObject({ hour: 20 });
  expect(bestTime(times, shares, () => true)).toMatchObject({ hour: 23, isQuiet: true });
  expect(bestTime(times, shares, () => false)).toBeUndefined();
});

const prediction = (open: number) => ({ open, openWithOneFewer: open, unsubscribe: 0, sentOfWeek: 0 });
const context = { unsubscribeCost: 10, exploreShare: 0.03, sendShare: 0.3, progress: 0, unit: 0 };

test('a week resumed from its JSON state makes the same decisions', () => {
  const values = Array.from({ length: 3_000 }, (_, i) => nextUnit(randomStream(7, i)) ** 2);
  const week = (stops: (i: number) => boolean): string => {
    let volume = new VolumeControl(700);
    const decided = values.map((value, i) => {
      if (i % 500 === 0) volume.startDay(i / values.length);
      if (stops(i)) volume = VolumeControl.at(JSON.parse(JSON.stringify(volume.mark)) as typeof volume.mark);
      const unit = nextUnit(randomStream(8, i));
      return decideOffer(prediction(value), { ...context, progress: i / values.length, unit }, volume);
    });
    return JSON.stringify([decided, volume.mark]);
  };
  const whole = week(() => false);
  expect(week((i) => i % 37 === 0)).toBe(whole);
  expect(week(() => true)).toBe(whole);
});

test('offers that are worth the same are sent to a part of the people, not to all or none', () => {
  const volume = new VolumeControl(700);
  volume.startDay(0);
  let sent = 0;
  for (let i = 0; i < 1_000; i++) {
    const offer = { ...context, exploreShare: 0, progress: i / 7_000, unit: nextUnit(randomStream(9, i)) };
    if (decideOffer(prediction(0.05), offer, volume).isSent) sent++;
  }
  expect(sent).toBeGreaterThan(60);
  expect(sent).toBeLessThan(140);
});

const features = (person: number, topic: number): SendFeatures => ({ person, topic, walkScore: 0.5, hourShare: 0.05, sentOfWeek: 1, sentOfMonth: 3 }); // prettier-ignore

test('a learner with hashed slots tells people and topics apart, whatever their numbers', () => {
  const learner = new SendLearner(hashedSlots(16));
  const stream = randomStream(11);
  const people = Array.from({ length: 50 }, () => nextBelow(stream, 2 ** 31) * 2 ** 20);
  for (let round = 0; round < 40; round++) {
    for (const [i, person] of people.entries()) learner.learn(features(person, i % 3), i % 5 === 0, false);
  }
  const opens = people.map((person, i) => learner.open(features(person, i % 3)));
  const [fans, others] = [opens.filter((_, i) => i % 5 === 0), opens.filter((_, i) => i % 5 !== 0)];
  expect(Math.min(...fans)).toBeGreaterThan(2 * Math.max(...others));
});

test('contributions sum to the log odds, from the rate that is expected or from that of a model', () => {
  const learner = new SendLearner(hashedSlots(12));
  for (let i = 0; i < 100; i++) learner.learn(features(i % 7, i % 3), i % 4 === 0, false);
  for (const known of [features(3, 1), { ...features(3, 1), prior: 0.2 }]) {
    const contributions = learner.contributions(known);
    const odds = contributions.reduce((sum, { logOdds }) => sum + logOdds, 0);
    expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(learner.open(known), 12);
  }
  expect(learner.contributions({ ...features(3, 1), prior: 0.2 })[0]).toEqual({ feature: 'model', logOdds: Math.log(0.25) }); // prettier-ignore
});

test('an offer that is held back before its pin is known would be held back with any pin', () => {
  const learner = new SendLearner(hashedSlots(12));
  const stream = randomStream(12);
  const topics = [0, 1, 2, 3, 4];
  const some = (person: number): SendFeatures => ({
    person,
    topic: nextBelow(stream, topics.length),
    walkScore: 4 * nextUnit(stream) - 2,
    hourShare: nextUnit(stream) / 8,
    sentOfWeek: nextBelow(stream, 6),
    sentOfMonth: 6 + nextBelow(stream, 12),
  });
  // Tired people, of whom each likes one topic.
  for (let i = 0; i < 4_000; i++) {
    const known = some(i % 20);
    const rate = (known.topic === known.person % 5 ? 0.5 : 0.1) * (1 - known.sentOfWeek / 7);
    learner.learn(known, nextUnit(stream) < rate, nextUnit(stream) < 0.01);
  }
  let [heldBack, sent] = [0, 0];
  for (let i = 0; i < 2_000; i++) {
    const known = some(i % 20);
    const unit = nextUnit(stream);
    const threshold = nextUnit(stream) / 10;
    const volume = { isSpent: false, threshold: () => threshold, offered: () => undefined };
    const best = learner.predict(learner.best(known, topics));
    const { isHeldBack } = holdBackEarly(best, { ...context, unit }, 1, volume);
    const decision = decideOffer(learner.predict(known), { ...context, unit }, volume);
    if (isHeldBack) {
      expect(decision).toMatchObject({ isSent: false, isExplored: false });
      heldBack++;
    } else if (decision.isSent) sent++;
  }
  expect(heldBack).toBeGreaterThan(500);
  expect(sent).toBeGreaterThan(200);
});
