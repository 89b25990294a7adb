import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { NotificationStore, openDataFolder } from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { expectWhole, startSender } from './killed-senders.ts';
import { NotifiedPeople } from './notified-people.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 2);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 29));
const hourMs = 3_600_000;

test(
  `${kills} kills of what proposes and sends: nothing twice, nothing promised lost, none in quiet hours, beyond caps, or to somebody who said no`,
  { timeout: 1_200_000 + 20_000 * kills },
  async () => {
    const folder = openDataFolder(path.join(temporaryFolder(), 'data'));
    await importSaves(folder, ['ann pasta basil']);
    const store = new NotificationStore(folder, 5_000);
    const people = Array.from({ length: 16 }, (_, i) => `p${i}`);
    const notified = new NotifiedPeople(people, random);
    for (const user of people) notified.put(store, user, true);
    const webhookUrl = await notified.listen();

    const promised = new Set<string>();
    let round = 1;
    for (let kill = 0; kill < kills; kill++) {
      const args = [webhookUrl, String(round), JSON.stringify(people)];
      const sender = startSender('notifying-child.ts', folder, notified.aheadMs, args);
      await expect.poll(sender.printed, { interval: 5 }).toContain('round');
      await wait(150 * nextUnit(random));
      for (const line of await sender.kill()) {
        if (line.startsWith('round')) round = 1 + Number(line.slice(6));
        else promised.add(line);
      }
      notified.change(folder, store);
      // The clock jumps: minutes past a lease, hours, also back.
      notified.aheadMs += notified.oneOf([0, 2 / 60, 1, 3, 9, -2]) * hourMs;
    }
    await expectWhole({ folder, store, people, notified, webhookUrl, promised, kills });
    expect(notified.taken.size).toBeGreaterThan(kills);
  },
);
