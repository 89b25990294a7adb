import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createSenders, deliverDue } from '../../api/notifications/index.ts';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { type ChannelSettings, NotificationStore, openDataFolder, readChannels, readPerson } from '../../graph-data/index.ts'; // prettier-ignore
import { importSaves, temporaryFolder } from '../data-folders.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 2);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 29));
const hourMs = 3_600_000;
/** As many as a crash can lose. */
const atOnce = 8;

const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Chatham'];
const oneOf = <Item>(items: readonly Item[]): Item => items[nextBelow(random, items.length)]!;

function drawn(consent: boolean, caps: ChannelSettings['caps']): ChannelSettings {
  const start = nextBelow(random, 24) * 60;
  const end = (start + 60 + nextBelow(random, 10) * 30) % 1440;
  const quietHours = { startMinute: start, endMinute: end };
  return { kind: 'webhook', address: '', consent, timeZone: oneOf(zones), quietHours, caps, language: 'en' };
}

/** What the clock on a person's wall shows, by Intl alone. */
function isQuiet({ timeZone, quietHours }: ChannelSettings, time: number): boolean {
  const options = { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
  const [hour, minute] = new Intl.DateTimeFormat('en-GB', options).format(time).split(':').map(Number);
  const { startMinute, endMinute } = quietHours!;
  for (let each = startMinute; each !== endMinute; each = (each + 1) % 1440)
    if (each === hour! * 60 + minute!) return true;
  return false;
}

test(
  `${kills} kills of planner and sender: nothing twice, nothing promised lost, none in quiet hours, beyond caps, or to somebody who said no`,
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
    const settings = new Map<string, ChannelSettings>();
    const put = (user: string, consent: boolean): void => {
      // Half of the people have caps.
      const caps = people.indexOf(user) % 2 === 0 ? {} : { perDay: 3, minGapMinutes: 90 };
      const channel = { ...drawn(consent, caps), address: user };
      store.putChannels(user, [channel], now());
      settings.set(user, channel);
    };
    for (const user of people) put(user, true);

    const faults: string[] = [];
    const taken = new Set<string>();
    const times = new Map<string, number[]>();
    const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const time = now();
      const { to, window } = (await json(request)) as { to: string; window: string };
      const what = `${to} ${window}`;
      const own = settings.get(to)!;
      if (taken.has(what)) faults.push(`${what} came twice`);
      if (!own.consent) faults.push(`${what} came after ${to} said no`);
      if (isQuiet(own, time))
        faults.push(`${what} came at ${new Date(time).toISOString()}, quiet in ${own.timeZone}`);
      const luck = nextUnit(random);
      if (luck < 0.05) {
        response.writeHead(503).end();
        return;
      }
      taken.add(what);
      const before = times.get(to) ?? [];
      const { perDay = Infinity } = own.caps;
      const inDay = before.filter((each) => each > time - 24 * hourMs + 60_000).length;
      if (inDay >= perDay) faults.push(`${what} is one too many in a day`);
      times.set(to, [...before, time]);
      if (luck < 0.1) request.socket.destroy();
      else if (luck < 0.2) setTimeout(() => response.end(), 30);
      else response.end();
    };
    const server = createServer((request, response) => {
      receive(request, response).catch(() => {
        // The sender was killed while it sent.
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    afterAll(() => server.close());
    const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

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
      for (let i = 0; i < 3; i++) put(oneOf(people), nextUnit(random) < 0.7);
      const leaving = oneOf(people);
      const [channel] = readChannels(folder, leaving);
      if (nextUnit(random) < 0.3) {
        store.unsubscribe(channel!.channelId, now());
        settings.set(leaving, { ...settings.get(leaving)!, consent: false });
      }
      // The clock jumps: minutes past a lease, hours, also back.
      aheadMs += oneOf([0, 2 / 60, 1, 3, 9, -2]) * hourMs;
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
