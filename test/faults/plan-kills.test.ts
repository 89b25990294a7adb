import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createSenders, deliverDue } from '../../api/notifications/index.ts';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type Notification,
  NotificationStore,
  openDataFolder,
  readLastPlan,
  readPerson,
} from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { dayMs, fillFolder, hourMs } from '../planning.ts';
import { NotifiedPeople } from './notified-people.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 4);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 31));
/** As many as a crash can lose. */
const atOnce = 8;
/** More than a transaction of the plan has. */
const count = 250;

test(
  `${kills} kills of planner and sender: nothing twice, nothing planned lost, none in quiet hours, beyond caps, or to somebody who said no, and no week above its budget`,
  { timeout: 60_000 + 20_000 * kills },
  async () => {
    const root = temporaryFolder(afterAll);
    const folder = openDataFolder(path.join(root, 'data'));
    await fillFolder(folder, count);
    const store = new NotificationStore(folder, 5_000);
    const clock = path.join(root, 'clock');
    // The night in which the clocks of Berlin go back.
    let aheadMs = Date.UTC(2026, 9, 24, 20) - Date.now();
    const now = (): number => Date.now() + aheadMs;
    const people = Array.from({ length: count }, (_, i) => `u${i}`);
    const notified = new NotifiedPeople(people, random, now);
    for (const user of people) notified.put(store, user, true);
    const { faults, taken } = notified;
    const webhookUrl = await notified.listen();

    const promised = new Set<string>();
    let inPlan = 0;
    for (let kill = 0; kill < kills; kill++) {
      writeFileSync(clock, String(aheadMs));
      const files = ['moved-clock.ts', 'planning-child.ts'].map((name) => path.join(import.meta.dirname, name)); // prettier-ignore
      const child = spawn(process.execPath, ['--import', files[0]!, files[1]!, folder.root, webhookUrl], {
        env: { ...process.env, PINWALK_TEST_CLOCK: clock },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let printed = '';
      child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
      const ended = new Promise((resolve) => void child.once('close', (_code, signal) => resolve(signal)));
      // One is killed anywhere, the next once it has planned for some, and the third once it sends.
      const awaited = [/begins/, /^(?:u\d|round)/m, /round/][kill % 3]!;
      await expect.poll(() => printed, { interval: 1, timeout: 30_000 }).toMatch(awaited);
      await wait([1_000, 0, 400][kill % 3]! * nextUnit(random));
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      const run = readLastPlan(folder, 'for-you');
      if (run !== undefined && run.done > 0 && !run.isFinished) inPlan++;
      for (const line of printed.split('\n').slice(0, -1))
        if (!/^(begins|round)/.test(line)) promised.add(line);
      // What the killed sender had written to its socket arrives before the next step.
      await wait(5);
      notified.change(folder, store);
      // The clock jumps: minutes past a lease, hours, also back; and to the next day before a kill within its plan.
      const isEve = kill % 3 === 0 && kill < kills - 1;
      aheadMs += (isEve ? 21 : notified.oneOf([0, 2 / 60, 1, 2, 5, -1])) * hourMs;
    }

    // Days later, everything has an end.
    const { senders } = createSenders(folder, { webhookUrl, pushHosts: 'x' }, { webhookSecret: 'x' });
    const outbox = {
      heldDue: async (...given: Parameters<NotificationStore['heldDue']>) => store.heldDue(...given),
      release: async (...given: Parameters<NotificationStore['release']>) => store.release(...given),
      claim: async (...given: Parameters<NotificationStore['claim']>) => store.claim(...given),
      settle: async (...given: Parameters<NotificationStore['settle']>) => store.settle(...given),
    };
    for (let step = 0; step < 12; step++) {
      aheadMs += 4 * hourMs;
      await deliverDue({ outbox, senders, linkSecret: () => undefined, record: async () => {}, now });
    }
    const stored = people.flatMap((user) => readPerson(folder, user)!.notifications);
    store.close();
    const outcomes: Record<string, number> = {};
    for (const { user, window, state, suppressedBy, failure } of stored) {
      const what = `${user} ${window}`;
      const isTaken = taken.has(what);
      const reason = suppressedBy ?? failure?.split(':')[0];
      const key = [state, reason].filter((part) => part !== undefined).join(' ');
      outcomes[key] = (outcomes[key] ?? 0) + 1;
      if (state === 'sent' && !isTaken) faults.push(`${what} is sent, and never came`);
      if (state === 'cancelled' && isTaken) faults.push(`${what} is cancelled (${reason}), and came`);
      promised.delete(what);
    }
    process.stderr.write(`${kills} kills, ${inPlan} within a plan: ${taken.size} came, ${JSON.stringify(outcomes)}\n`); // prettier-ignore
    expect(faults).toEqual([]);
    expect([...promised]).toEqual([]);
    expect(outcomes['dead lost'] ?? 0).toBeLessThanOrEqual(kills * atOnce);
    expect(inPlan).toBeGreaterThan(0);
    expect(taken.size).toBeGreaterThan(0);
    const waiting = stored.filter(({ state }) => ['pending', 'held', 'claimed'].includes(state));
    expect(waiting.filter(({ expires }) => expires < now())).toEqual([]);
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
