import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type Notification,
  NotificationStore,
  openDataFolder,
  readLastPlan,
} from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { dayMs, fillFolder, hourMs } from '../planning.ts';
import { expectWhole, startSender } from './killed-senders.ts';
import { NotifiedPeople } from './notified-people.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 4);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 31));
/** More than a transaction of the plan has. */
const count = 250;

test(
  `${kills} kills of planner and sender: nothing twice, nothing planned lost, none in quiet hours, beyond caps, or to somebody who said no, and no week above its budget`,
  { timeout: 1_200_000 + 20_000 * kills },
  async () => {
    const folder = openDataFolder(path.join(temporaryFolder(), 'data'));
    await fillFolder(folder, count);
    const store = new NotificationStore(folder, 5_000);
    const people = Array.from({ length: count }, (_, i) => `u${i}`);
    const notified = new NotifiedPeople(people, random);
    for (const user of people) notified.put(store, user, true);
    const webhookUrl = await notified.listen();

    const promised = new Set<string>();
    let inPlan = 0;
    let kill = 0;
    // A busy machine may notice a plan too late: further kills are tried.
    for (; kill < kills || (inPlan === 0 && kill < kills + 30); kill++) {
      const sender = startSender('planning-child.ts', folder, notified.aheadMs, [webhookUrl]);
      // One is killed anywhere, the next once it has planned for some, and the third once it sends.
      const awaited = [/begins/, /^(?:u\d|round)/m, /round/][kill % 3]!;
      await expect.poll(sender.printed, { interval: 1 }).toMatch(awaited);
      await wait([1_000, 0, 400][kill % 3]! * nextUnit(random));
      const lines = await sender.kill();
      const run = readLastPlan(folder, 'for-you');
      if (run !== undefined && run.done > 0 && !run.isFinished) inPlan++;
      for (const line of lines) if (!/^(begins|round)/.test(line)) promised.add(line);
      notified.change(folder, store);
      // The clock jumps: minutes past a lease, hours, also back; and to the next day before a kill within its plan.
      const isEve = kill % 3 === 0 && (kill < kills - 1 || inPlan === 0);
      notified.aheadMs += (isEve ? 21 : notified.oneOf([0, 2 / 60, 1, 2, 5, -1])) * hourMs;
    }
    const stored = await expectWhole({ folder, store, people, notified, webhookUrl, promised, kills: kill });
    process.stderr.write(`${inPlan} of them within a plan\n`);
    expect(inPlan).toBeGreaterThan(0);
    expect(notified.taken.size).toBeGreaterThan(0);
    expectVolume(stored, readLastPlan(folder, 'for-you')!);
  },
);

/** What the last plan counts of its week is what was planned in it, and within its budget. */
function expectVolume(stored: readonly Notification[], run: NonNullable<ReturnType<typeof readLastPlan>>): void {
  const day = (time: number): number => Math.floor(time / dayMs) - run.firstDay;
  const weekOf = (time: number): number => Math.floor(day(time) / 7);
  const week = stored.filter(({ createdAt, pins }) => pins.length > 0 && weekOf(createdAt) === weekOf(run.at));
  expect(week).toHaveLength(run.volume.sent);
  expect(run.volume.sent).toBeLessThanOrEqual(run.volume.budget);
} // prettier-ignore
