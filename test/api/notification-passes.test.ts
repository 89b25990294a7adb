import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../api/index.ts';
import { NotificationStore, readInteractions, readPerson } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { digest, inbox } from './digest.ts';
import { openServer } from './server.ts';

test('a server sends due notifications by itself, and records their impressions; pinwalk notify send does so once', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil']);
  const lines: string[] = [];
  const started = await openServer({
    folder,
    settings: { notifyEverySeconds: 3_600 },
    log: createLog('info', { write: (line) => lines.push(line) }),
  });
  onTestFinished(async () => started.close());
  const { notifications } = started.service;
  await notifications.call('putChannels', 'ann', [inbox, { ...inbox, kind: 'file' }], Date.now());
  expect(await notifications.call('propose', [digest('ann', 'w1')], Date.now())).toEqual(['added']);
  await started.service.start();
  const sent = (): unknown[] => readPerson(folder, 'ann')!.notifications.map(({ state }) => state);
  await expect.poll(sent).toEqual(['sent']);
  await expect.poll(() => [...readInteractions(folder)]).toMatchObject([{ kind: 'impression', pin: 'basil', surface: 'notification-inbox', rank: 1 }]); // prettier-ignore
  // A pass claims until nothing is due: while it runs, it would send the next one too.
  await expect.poll(() => lines.join('')).toContain('sent notifications');
  const store = new NotificationStore(folder, 1_000);
  store.propose([{ ...digest('ann', 'w2'), channel: 'file' }], Date.now());
  store.close();
  const done = await pinwalk('notify', 'send', '--data', folder.root, '--json');
  expect(done, done.stderr).toMatchObject({ code: 0 });
  const counts = { released: 0, sent: 1, retry: 0, failed: 0, unknown: 0 };
  expect(JSON.parse(done.stdout)).toEqual({ ...counts, waiting: 0, nextAt: null });
  expect(sent()).toEqual(['sent', 'sent']);
});

test('pinwalk notify send prints how many notifications wait, and until when', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil']);
  const store = new NotificationStore(folder, 1_000);
  const now = Date.now();
  const day = Math.ceil(now / 86_400_000) * 86_400_000;
  store.putChannels('ann', [inbox], now);
  const waits = { notBefore: day, expires: day + 86_400_000 };
  store.propose(
    [
      { ...digest('ann', 'w1'), ...waits },
      { ...digest('ann', 'w2'), ...waits, isHeld: true },
    ],
    now,
  );
  store.close();
  const { stdout } = await pinwalk('notify', 'send', '--data', folder.root);
  const until = `${new Date(day).toISOString().slice(0, 16)}Z`;
  expect(stdout).toBe(
    `0 sent, 0 to be tried again, 0 failed, 0 unknown, 0 released\n2 wait, the first until ${until}\n`,
  );
});

test('where nothing says how long interactions are kept, notifications that are over are dropped after 180 days', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil']);
  const store = new NotificationStore(folder, 1_000);
  const [begin, dayMs] = [Date.now(), 86_400_000];
  store.putChannels('ann', [inbox], begin);
  for (const [window, day] of [
    ['old', 0],
    ['newer', 2],
  ] as const) {
    const at = begin + day * dayMs;
    store.propose([{ ...digest('ann', window), expires: at + 1e6 }], at);
    for (const { id, transactionId } of store.claim(at, 1_000, 10))
      store.settle(id, transactionId, { kind: 'sent' }, at);
  }
  store.propose([{ ...digest('ann', 'waits'), expires: begin + 365 * dayMs }], begin);
  store.close();
  const started = await openServer({
    folder,
    log: createLog('silent', { write: () => {} }),
    wallClock: () => begin + 181 * dayMs,
  });
  onTestFinished(async () => started.close());
  await started.service.start();
  const windows = (): string[] =>
    readPerson(folder, 'ann')!
      .notifications.map(({ window }) => window)
      .toSorted();
  await expect.poll(windows).toEqual(['newer', 'waits']);
});
