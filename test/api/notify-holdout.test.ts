import { expect, test } from 'vitest';
import { holdoutPlace, notificationReportBody } from '../../api/notifications/index.ts';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { type DataFolder, dayOf, notificationReport } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { dayMs, fillFolder, hourMs, inStore, monday, plan, policy, record } from '../planning.ts';
import { pinwalk } from '../scripts/command.ts';

const people = 200;
const users = Array.from({ length: people }, (_, person) => `u${person}`);
const holdout = 0.3;
const own = { ...policy, preset: 'popular', holdout };
const [from, now] = [dayOf(monday), monday + 10 * dayMs];
const bodyOf = (folder: DataFolder, first: number) => notificationReportBody(notificationReport(folder, first, now, holdoutPlace), first, now).holdout!; // prettier-ignore
const isHeldOut = (user: string): boolean => holdoutPlace(own.campaign, user) < holdout;

type Row = Parameters<typeof record>[1][number];

/** A visit to another page than a notification's. */
const visit = (user: string, at: number): Row => ({
  kind: 'impression',
  user,
  pin: 't0p1',
  surface: 'home',
  at,
});

test('the report finds the effect of sending by the arms of the journal, with less noise by earlier activity; and no effect where there is none', async () => {
  const folder = temporaryDataFolder();
  await fillFolder(folder, people);
  const { decisions } = (await plan(folder, monday, own))!;
  // People visit on some days of four weeks before and ten days after the plan, each at their own rate.
  const stream = randomStream(8);
  const rows = users.flatMap((user) => {
    const rate = 0.1 + 0.6 * nextUnit(stream);
    return Array.from({ length: 38 }, (_, i) => monday + (i - 28) * dayMs).flatMap((at) => (nextUnit(stream) < rate ? [visit(user, at)] : []));
  });
  const notified = users.filter((user) => !isHeldOut(user));
  const shown = notified.flatMap((user) => Array.from({ length: 10 }, (_, day) => ({ kind: 'impression', user, pin: 't0p2', surface: 'notification-inbox', at: monday + day * dayMs + hourMs })));
  record(folder, [...rows, ...shown], now);
  const count = (arm: string): number => decisions.filter((each) => each.arm === arm).length;
  expect(decisions.filter(({ user, arm }) => isHeldOut(user) !== (arm === 'holdout'))).toEqual([]);
  const nothing = bodyOf(folder, from);
  expect(nothing).toMatchObject({ from: '2026-11-30', heldOut: count('holdout'), notified: count('notified'), sampleRatio: { isOff: false } });
  const [days] = nothing.metrics;
  expect(days).toMatchObject({ metric: 'active-days' });
  expect(days!.anyLook.low!).toBeLessThan(0);
  expect(days!.anyLook.high!).toBeGreaterThan(0);

  const active = new Set(rows.map(({ user, at }) => `${user} ${at}`));
  const added = notified.flatMap((user) => Array.from({ length: 10 }, (_, day) => monday + day * dayMs).flatMap((at) => (!active.has(`${user} ${at}`) && nextUnit(stream) < 0.25 ? [visit(user, at)] : [])));
  record(folder, added, now);
  const truth = added.length / notified.length;
  const [found] = bodyOf(folder, from).metrics;
  expect(found!.low!).toBeLessThan(truth);
  expect(found!.high!).toBeGreaterThan(truth);
  expect(found!.anyLook.low!).toBeGreaterThan(0);
  expect(found!.anyLook.low!).toBeLessThan(found!.low!);
  const { raw, adjusted } = notificationReport(folder, from, now, holdoutPlace).holdout!.metrics[0]!.effects[0]!;
  expect(adjusted!.standardError).toBeLessThan(0.9 * raw.standardError);
}); // prettier-ignore

test('pinwalk notify report prints what was sent, held back, and brought', async () => {
  const folder = temporaryDataFolder();
  await fillFolder(folder, 30);
  const { report } = (await plan(folder, Date.now(), own))!;
  const { code, stdout } = await pinwalk('notify', 'report', '--data', folder.root);
  expect(code).toBe(0);
  expect(stdout).toContain(`${report.planned} wait\n`);
  expect(stdout).toContain(`  ${report.heldBack.holdout} held back: holdout\n`);
  expect(stdout).toMatch(
    /^Effect of sending since .*: \d+ people who may be notified against \d+ held out$/m,
  );
  expect(stdout).toMatch(
    /^ {2}active days of a person, notifications aside: 0\.000 against 0\.000; difference 0\.000 \[unknown, unknown\]$/m,
  );
});

test('who says no stays in the comparison, who never agreed is not in it, nor is whom a change of the share has moved', async () => {
  const folder = temporaryDataFolder();
  await fillFolder(folder, 60, (person) => (person === 0 ? { consent: false } : {}));
  await plan(folder, monday, { ...own, holdout: 0 });
  expect(bodyOf(folder, from)).toBeNull();
  await plan(folder, monday + dayMs, own);
  const second = dayOf(monday) + 1;
  const placed = (below: number, above: number): number[] => {
    const places = users.slice(1, 60).map((user) => holdoutPlace(own.campaign, user));
    return [places.filter((place) => place < below).length, places.filter((place) => place >= above).length];
  };
  const since = (): ReturnType<typeof bodyOf> => bodyOf(folder, second);
  expect([since().heldOut, since().notified]).toEqual(placed(holdout, holdout));
  inStore(folder, (store) => {
    const leaver = {
      kind: 'inbox',
      address: 'u7',
      consent: false,
      timeZone: 'UTC',
      caps: {},
      language: 'en',
    } as const;
    store.putChannels('u7', [leaver], monday + 2 * dayMs);
  });
  expect([since().heldOut, since().notified]).toEqual(placed(holdout, holdout));
  await plan(folder, monday + 2 * dayMs, { ...own, holdout: 0.5 });
  expect([since().heldOut, since().notified]).toEqual(placed(holdout, 0.5));
});
