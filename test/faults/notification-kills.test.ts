import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createSenders, deliverDue } from '../../api/notifications/index.ts';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { NotificationStore, openDataFolder, readPerson } from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { NotifiedPeople } from './notified-people.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 2);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 29));
const hourMs = 3_600_000;
/** As many as a crash can lose. */
const atOnce = 8;

test(
  `${kills} kills of what proposes and sends: nothing twice, nothing promised lost, none in quiet hours, beyond caps, or to somebody who said no`,
  { timeout: 60_000 + 20_000 * kills },
  async () => {
    const root = temporaryFolder(afterAll);
    const folder = openDataFolder(path.join(root, 'data'));
    await importSaves(folder, ['ann pasta basil']);
    const store = new NotificationStore(folder, 5_000);
    const clock = path.join(root, 'clock');
    // The night in which the clocks of Berlin go back.
    let aheadMs = Date.UTC(2026, 9, 24, 20) - Date.now();
    const now = (): number => Date.now() + aheadMs;
    const setClock = (): void => writeFileSync(clock, String(aheadMs));

    const people = Array.from({ length: 16 }, (_, i) => `p${i}`);
    const notified = new NotifiedPeople(people, random, now);
    for (const user of people) notified.put(store, user, true);
    const { faults, taken } = notified;
    const webhookUrl = await notified.listen();

    const promised = new Set<string>();
    let round = 1;
    for (let kill = 0; kill < kills; kill++) {
      setClock();
      const files = ['moved-clock.ts', 'notifying-child.ts'].map((name) =>
        path.join(import.meta.dirname, name),
      );
      const args = [folder.root, webhookUrl, String(round), JSON.stringify(people)];
      const child = spawn(process.execPath, ['--import', files[0]!, files[1]!, ...args], {
        env: { ...process.env, PINWALK_TEST_CLOCK: clock },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let printed = '';
      child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
      const ended = new Promise((resolve) => void child.once('close', (_code, signal) => resolve(signal)));
      await expect.poll(() => printed, { interval: 5, timeout: 30_000 }).toContain('round');
      await wait(150 * nextUnit(random));
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      for (const line of printed.split('\n').slice(0, -1)) {
        if (line.startsWith('round')) round = 1 + Number(line.slice(6));
        else promised.add(line);
      }
      // What the killed sender had written to its socket arrives before the next step.
      await wait(5);
      notified.change(folder, store);
      // The clock jumps: minutes past a lease, hours, also back.
      aheadMs += notified.oneOf([0, 2 / 60, 1, 3, 9, -2]) * hourMs;
    }

    // Days later, everything has an end.
    const { senders } = createSenders(folder, { webhookUrl, pushHosts: 'x' }, { webhookSecret: 'x' });
    const outbox = {
      heldDue: async (...given: Parameters<NotificationStore['heldDue']>) => store.heldDue(...given),
      release: async (...given: Parameters<NotificationStore['release']>) => store.release(...given),
      claim: async (...given: Parameters<NotificationStore['claim']>) => store.claim(...given),
      settle: async (...given: Parameters<NotificationStore['settle']>) => store.settle(...given),
    };
    for (let step = 0; step < 10; step++) {
      aheadMs += 5 * hourMs;
      await deliverDue({ outbox, senders, linkSecret: () => undefined, record: async () => {}, now });
    }
    const stored = people.flatMap((user) => readPerson(folder, user)!.notifications);
    const count: Record<string, number> = {};
    for (const { user, window, state, suppressedBy, failure } of stored) {
      const what = `${user} ${window}`;
      const isTaken = taken.has(what);
      const reason = suppressedBy ?? failure?.split(':')[0];
      const key = [state, reason].filter((part) => part !== undefined).join(' ');
      count[key] = (count[key] ?? 0) + 1;
      if (state === 'sent' && !isTaken) faults.push(`${what} is sent, and never came`);
      if (state === 'cancelled' && isTaken) faults.push(`${what} is cancelled (${reason}), and came`);
      promised.delete(what);
    }
    store.close();
    process.stderr.write(`${kills} kills: ${taken.size} came, ${JSON.stringify(count)}\n`);
    expect(faults).toEqual([]);
    expect([...promised]).toEqual([]);
    const waiting = stored.filter(({ state }) => ['pending', 'held', 'claimed'].includes(state));
    expect(waiting.filter(({ expires }) => expires < now())).toEqual([]);
    expect(count['dead lost'] ?? 0).toBeLessThanOrEqual(kills * atOnce);
    expect(taken.size).toBeGreaterThan(kills);
  },
);
