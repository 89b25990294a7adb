import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exportedNotifications, previewPlan, releaseOf } from '../../api/notifications/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  importRows,
  openDataFolder,
  readPerson,
} from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import {
  dayMs,
  fillFolder,
  hourMs,
  inStore,
  monday,
  plan,
  planner,
  policy,
  record,
  sendUntil,
  stored,
} from '../planning.ts';

function copyOf(folder: DataFolder): DataFolder {
  const copy = path.join(temporaryFolder(), 'copy');
  cpSync(folder.root, copy, { recursive: true });
  return openDataFolder(copy);
}

async function filled(...args: Parameters<typeof fillFolder> extends [unknown, ...infer Rest] ? Rest : never): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  await fillFolder(folder, ...args);
  return folder;
} // prettier-ignore

const savesOf = (person: number): RegExp => new RegExp(`^t${person % 4}p`);

test('each person gets one notification a day at most, of a pin of their topic that they have not saved', async () => {
  const folder = await filled(60);
  const { report, decisions } = (await plan(folder, monday))!;
  expect(report).toMatchObject({ window: '2026-11-30', people: 60, isFinished: true, budget: 420 });
  expect(report.planned).toBeGreaterThan(20);
  expect(new Set(decisions.map(({ user }) => user)).size).toBe(60);
  const rows = stored(folder, 60);
  expect(rows).toHaveLength(60);
  const sent = rows.filter(({ suppressedBy }) => suppressedBy === undefined);
  expect(sent).toHaveLength(report.planned);
  for (const { user, pins, copy, notBefore, expires, journal } of sent) {
    expect(pins).toHaveLength(1);
    expect(pins[0]).toMatch(savesOf(Number(user.slice(1))));
    expect(copy.title).toBe(pins[0]);
    expect(copy.text).toMatch(
      /^(Because you saved t\dp\d+|Goes with t\dp\d+, which you saved|More like t\dp\d+)$/,
    );
    expect(notBefore).toBeGreaterThanOrEqual(monday);
    expect(notBefore).toBeLessThan(monday + dayMs);
    expect(expires).toBe(notBefore + 12 * hourMs);
    expect(journal).toMatchObject({ pipeline: 'feed', arm: 'notified', propensity: 1 });
    expect(journal.graph).toMatch(/^[0-9a-f]{16}$/);
  }
  expect(await plan(folder, monday + hourMs)).toBeUndefined();
  expect(stored(folder, 60)).toEqual(rows);
});

test('a plan in parts decides as one in one go, byte for byte, and another seed decides otherwise', async () => {
  const folder = await filled(150);
  const explores = { ...policy, preset: 'paths', explore: 0.05, perWeek: 3 };
  const [parts, other] = [copyOf(folder), copyOf(folder)];
  await plan(folder, monday, explores);
  for (const [i, limit] of [1, 115, 1_000].entries())
    await plan(parts, monday + i * hourMs, explores, { limit });
  await plan(other, monday, explores, { seed: 2 });
  const whole = JSON.stringify(stored(folder, 150));
  expect(JSON.stringify(stored(parts, 150))).toBe(whole);
  expect(JSON.stringify(stored(other, 150))).not.toBe(whole);
});

test('a dry run decides alike and writes nothing', async () => {
  const folder = await filled(40);
  const { decisions } = (await plan(folder, monday, policy, { isDry: true }))!;
  expect(stored(folder, 40)).toEqual([]);
  const real = (await plan(folder, monday))!;
  expect(real.decisions).toEqual(decisions);
});

test('pins that a person saw, acted on or was sent are not sent again', async () => {
  const folder = await filled(8);
  const seen = new Set<string>();
  for (let day = 0; day < 6; day++) {
    const { decisions } = (await plan(folder, monday + day * dayMs))!;
    sendUntil(folder, monday + (day + 1) * dayMs);
    for (const { user, suppressedBy, pins } of decisions) {
      if (user !== 'u0' || suppressedBy !== undefined) continue;
      expect(seen).not.toContain(pins[0]!.pin);
      // What was sent, and what else was the best of the day.
      for (const { pin } of pins) seen.add(pin);
      const time = monday + day * dayMs + hourMs;
      record(folder, pins.slice(1).map(({ pin }) => ({ kind: 'impression', user, pin, surface: 'feed', at: time })), time); // prettier-ignore
    }
  }
  expect(seen.size).toBeGreaterThan(8);
  expect(readPerson(folder, 'u0')!.notifications.at(-1)).toMatchObject({ suppressedBy: 'nothing-new' });
});

test('the holdout receives nothing on any day, and is always the same people', async () => {
  const folder = await filled(200);
  const withHoldout = { ...policy, preset: 'popular', holdout: 0.2 };
  const [first, second] = [await plan(folder, monday, withHoldout), await plan(folder, monday + dayMs, withHoldout)]; // prettier-ignore
  const heldOut = (of: typeof first): string[] =>
    of!.decisions.flatMap(({ user, suppressedBy }) => (suppressedBy === 'holdout' ? [user] : [])).toSorted();
  expect(heldOut(first)).toEqual(heldOut(second));
  expect(heldOut(first).length).toBeGreaterThan(20);
  expect(heldOut(first).length).toBeLessThan(60);
  const sent = stored(folder, 200).filter(({ suppressedBy }) => suppressedBy === undefined);
  expect(sent.filter(({ user }) => heldOut(first).includes(user))).toEqual([]);
});

test('two notifications are 20 hours apart, and caps of the channel count pending ones', async () => {
  const folder = await filled(30, () => ({ caps: { perWeek: 2 } }));
  for (let day = 0; day < 5; day++) {
    await plan(folder, monday + day * dayMs);
    sendUntil(folder, monday + (day + 1) * dayMs);
  }
  const times = Map.groupBy(stored(folder, 30).filter(({ state }) => state === 'sent'), ({ user }) => user); // prettier-ignore
  expect(times.size).toBe(30);
  for (const rows of times.values()) {
    const sent = rows.map(({ sentAt }) => sentAt!).toSorted((a, b) => a - b);
    expect(sent.length).toBeLessThanOrEqual(2);
    for (const [i, time] of sent.entries()) if (i > 0) expect(time - sent[i - 1]!).toBeGreaterThanOrEqual(20 * hourMs); // prettier-ignore
  }
  expect(stored(folder, 30).map(({ suppressedBy }) => suppressedBy)).toContain('weekly-cap');
});

test('nothing is planned for quiet hours, and notifications that would be best then are held, in any zone and around a jump of the clock', async () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Chatham'];
  const night = { startMinute: 16 * 60, endMinute: 9 * 60 };
  const folder = await filled(40, (person) => ({ timeZone: zones[person % 4]!, quietHours: night }));
  // The clocks of Berlin go back in the night to the 25th; people visit at 20 o'clock of their own.
  const eve = Date.UTC(2026, 9, 24, 6);
  const localHour = (time: number, timeZone: string): number =>
    Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(time));
  const visits = Array.from({ length: 40 }, (_, person) =>
    Array.from({ length: 20 * 24 }, (__, i) => eve - (i + 1) * hourMs)
      .filter((time) => localHour(time, zones[person % 4]!) === 20)
      .map((at) => ({ kind: 'visit', user: `u${person}`, at })),
  ).flat();
  record(folder, visits, eve);
  await plan(folder, eve);
  const states = stored(folder, 40).flatMap(({ state, suppressedBy, journal }) => (suppressedBy === undefined ? [[state, journal['heldBy']]] : [])); // prettier-ignore
  expect(new Set(states.map(String))).toEqual(new Set(['held,quiet-hours']));
  await plan(folder, eve + dayMs);
  const rows = stored(folder, 40).filter(({ suppressedBy }) => suppressedBy === undefined);
  expect(rows.length).toBeGreaterThan(40);
  for (const { user, notBefore, journal } of rows) {
    const hour = localHour(notBefore, zones[Number(user.slice(1)) % 4]!);
    expect(hour).toBeGreaterThanOrEqual(9);
    expect(hour).toBeLessThan(16);
    expect(journal['hour']).toBe(hour);
  }
});

test('without quiet hours, a person is notified at the hour of their visits, and one without visits at that of the others', async () => {
  const folder = await filled(20, (person) => ({ timeZone: person === 0 ? 'Asia/Kolkata' : 'UTC' }));
  const visits = [0, 1, 2].flatMap((person) =>
    Array.from({ length: 15 }, (_, day) => ({
      kind: 'visit',
      user: `u${person}`,
      // u0 visits at 21 o'clock in Kolkata, which is 15:30 in UTC; the others at 11.
      at: monday - 6 * hourMs - (day + 1) * dayMs + (person === 0 ? 15.5 : 11) * hourMs,
    })),
  );
  record(folder, visits, monday);
  await plan(folder, monday);
  const hourOf = (user: string): unknown => readPerson(folder, user)!.notifications[0]!.journal['hour'];
  expect(hourOf('u0')).toBe(21);
  expect([hourOf('u1'), hourOf('u9')]).toEqual([11, 11]);
});

test('every week keeps to its budget within 1 %, and never exceeds it', async () => {
  const folder = await filled(150);
  const budgeted = { ...policy, preset: 'popular', perWeek: 2, explore: 0.03 };
  const planned = [0, 0];
  for (let day = 0; day < 14; day++) {
    const week = Math.floor(day / 7);
    const { report } = (await plan(folder, monday + day * dayMs, budgeted))!;
    planned[week]! += report.planned;
    expect(report).toMatchObject({ budget: 300, sentOfWeek: planned[week] });
    sendUntil(folder, monday + (day + 1) * dayMs);
  }
  for (const sent of planned) {
    expect(sent).toBeLessThanOrEqual(300);
    expect(sent).toBeGreaterThanOrEqual(297);
  }
  // Decisions against sending are kept for a week, the others stay.
  const [decided, heldBack] = [true, false].map((isSent) => stored(folder, 150).filter(({ pins }) => pins.length > 0 === isSent)); // prettier-ignore
  expect(decided).toHaveLength(planned[0]! + planned[1]!);
  expect(heldBack!.length).toBeGreaterThan(100);
  expect(Math.min(...heldBack!.map(({ createdAt }) => createdAt))).toBe(monday + 6 * dayMs);
});

test('chance decides its share of the offers, with the propensity that is stored', async () => {
  const folder = await filled(400);
  const explores = { ...policy, preset: 'popular', explore: 0.05, perWeek: 2 };
  await plan(folder, monday, explores);
  const { decisions } = (await plan(folder, monday + dayMs, explores))!;
  const offers = decisions.filter(({ value, valueMax }) => (value ?? valueMax) !== undefined);
  const explored = offers.filter(({ isExplored }) => isExplored);
  expect(explored.length / offers.length).toBeGreaterThan(0.01);
  expect(explored.length / offers.length).toBeLessThan(0.1);
  const sendShare = 2 / 7;
  for (const { isExplored, suppressedBy, value: own, valueMax, threshold, propensity } of offers) {
    if (threshold === null) continue;
    const value = own ?? valueMax;
    const sending = 0.05 * sendShare + (value! > threshold! ? 0.95 : 0);
    expect(propensity).toBeCloseTo(suppressedBy === undefined ? sending : 1 - sending, 12);
    if (!isExplored) expect(suppressedBy === undefined).toBe(value! > threshold!);
  }
});

test('a held notification is scored again: with another pin once the first was hidden, and not at all once nothing is new', async () => {
  const people = 12;
  const folder = await filled(people, () => ({ quietHours: { startMinute: 0, endMinute: 23 * 60 } }));
  const visits = Array.from({ length: 20 * people }, (_, i) => ({ kind: 'visit', user: `u${i % people}`, at: monday - (1 + Math.floor(i / people)) * dayMs })); // prettier-ignore
  record(folder, visits, monday);
  await plan(folder, monday);
  const [held, other] = stored(folder, people).filter(({ state }) => state === 'held');
  expect(held!.journal).toMatchObject({ heldBy: 'quiet-hours' });
  const time = held!.notBefore;
  record(folder, [{ kind: 'hide', user: held!.user, pin: held!.pins[0]!, at: time - hourMs }], time);
  using later = planner(folder, time);
  const release = releaseOf(later.planner.decideAgain(held!, time)!, 'feed');
  expect(release.suppressedBy).toBeUndefined();
  expect(release.pins![0]).not.toBe(held!.pins[0]);
  inStore(folder, (store) => {
    expect(store.heldDue(time, 20).map(({ id }) => id)).toContain(held!.id);
    expect(store.release(held!.id, release)).toBe(true);
    expect(store.claim(time, 60_000, 100).find(({ id }) => id === held!.id)!.pins).toEqual(release.pins);
  });
  record(folder, everythingSeenBy(other!.user, time - hourMs), time);
  using last = planner(folder, time);
  expect(last.planner.decideAgain(other!, time)).toMatchObject({ suppressedBy: 'nothing-new' });
});

const everythingSeenBy = (user: string, at: number) =>
  Array.from({ length: 160 }, (_, i) => ({ kind: 'impression', user, pin: `t${i % 4}p${i >> 2}`, at }));

test('fresh saves on a board that a person follows are candidates, with copy that says so', async () => {
  const folder = await filled(12);
  const rows = ['n1', 'n2', 't0p1'].map((pin) => ({ user: 'editor', board: 'picks', pin, savedAt: monday - hourMs, weight: NaN })); // prettier-ignore
  await importRows(folder, [{ name: 'picks', rows: [rows] }]);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version, { force: true });
  const database = openDatabase(folder);
  const follow = `UPDATE users SET attributes = '{"followedBoards": ["picks", "gone", 7]}' WHERE key = ?`;
  database.prepare(follow).run('u0');
  database.close();
  record(folder, [0, 1].flatMap((person) => everythingSeenBy(`u${person}`, monday - hourMs)), monday); // prettier-ignore
  using opened = planner(folder, monday);
  const preview = previewPlan(opened.planner, undefined, 'u0', monday)!;
  expect(preview).toMatchObject({ suppressedBy: undefined, copy: { title: 'n1' } });
  expect(preview.copy!.text).toMatch(/^(New|Just saved) on picks$/);
  expect(preview.pins).toMatchObject([{ pin: 'n1', source: 'board', of: 'picks' }, { pin: 'n2' }]);
  expect(previewPlan(opened.planner, undefined, 'u1', monday)!.pins).not.toContainEqual(expect.objectContaining({ source: 'board' })); // prettier-ignore
});

test('of two planners of one day, one is refused; so is a day before the last one', async () => {
  const folder = await filled(150);
  const both = await Promise.allSettled([plan(folder, monday), plan(folder, monday)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'plan-running' },
  });
  expect(stored(folder, 150)).toHaveLength(150);
  await expect(plan(folder, monday - 3 * dayMs)).rejects.toThrow(/the last plan of for-you is of 2026-11-30/);
});

test('the planner skips people without consent or address, and unknown people', async () => {
  const folder = await filled(6, (person) => ({ consent: person > 0 }));
  inStore(folder, (store) => {
    store.putChannels('stranger', [{ kind: 'inbox', address: 'x', consent: true, timeZone: 'UTC', caps: {}, language: 'en' }], monday - dayMs); // prettier-ignore
  });
  const { report, decisions } = (await plan(folder, monday))!;
  expect(report.people).toBe(6);
  expect(decisions.find(({ user }) => user === 'u0')).toBeUndefined();
  expect(decisions.find(({ user }) => user === 'stranger')).toMatchObject({ suppressedBy: 'unknown-user' });
  expect(exportedNotifications(readPerson(folder, 'stranger')).notifications).toMatchObject([{ suppressedBy: 'unknown-user', journal: { arm: 'notified' } }]); // prettier-ignore
  inStore(folder, (store) => expect(store.erase('stranger')).toEqual({ channels: 1, notifications: 1 }));
  expect(readPerson(folder, 'stranger')).toBeUndefined();
});
