import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createSenders, deliverDue, storeOutbox } from '../../api/notifications/index.ts';
import { readPerson } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { delivery, now } from './deliveries.ts';

test('the file of the channel for trying out has a line each, without those of an erased person', async () => {
  const own = await delivery('file', '', {});
  const common = { consent: true, timeZone: 'UTC', caps: {}, language: 'en' };
  own.store.putChannels('ben', [{ kind: 'file', address: '', ...common }], now);
  const copy = { title: 'For Ben', text: '', language: 'en' };
  own.store.propose([{ user: 'ben', channel: 'file', campaign: 'digest', window: 'w', pins: [], copy, expires: now + 1e6 }], now); // prettier-ignore
  own.propose('w1');
  expect(await own.deliver()).toMatchObject({ sent: 2 });
  const file = path.join(own.folder.root, 'notifications.jsonl');
  const users = (): unknown[] =>
    readFileSync(file, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { user: unknown }).user); // prettier-ignore
  expect(new Set(users())).toEqual(new Set(['ann', 'ben']));
  own.store.erase('ann');
  expect(users()).toEqual(['ben']);
});

test('a held notification is scored again when its time comes, and channels without a sender wait', async () => {
  const own = await delivery('inbox', '', {});
  const hold = {
    user: 'ann',
    channel: 'inbox',
    campaign: 'c',
    pins: [],
    expires: now + 1e7,
    isHeld: true,
  } as const;
  const copy = { title: 'Old', text: '', language: 'en' };
  for (const window of ['a', 'b']) own.store.propose([{ ...hold, window, copy }], now);
  const outbox = storeOutbox(own.store);
  const common = { outbox, linkSecret: () => undefined, record: async () => {}, now: () => now };
  const rescored = await deliverDue({
    ...common,
    senders: {},
    rescore: async ({ window }) =>
      window === 'a' ? { suppressedBy: 'below-threshold' } : { copy: { ...copy, title: 'New' } },
  });
  expect(rescored).toMatchObject({ released: 2, sent: 0 });
  expect(await own.deliver()).toMatchObject({ sent: 1 });
  const stored = readPerson(own.folder, 'ann')!.notifications;
  expect(stored.map(({ state, copy: { title } }) => `${state} ${title}`).toSorted()).toEqual([
    'cancelled Old',
    'sent New',
  ]);
});

test('an incomplete configuration is reported with its remedy, and without its secrets', () => {
  const folder = temporaryDataFolder();
  const settings = { pushHosts: 'x', smtpUrl: 'smtp://x', webhookUrl: 'http://x', vapidSubject: 'mailto:x' };
  const { senders, faults } = createSenders(folder, settings, { vapidPrivateKey: 'very secret' });
  expect(Object.keys(senders).toSorted()).toEqual(['file', 'inbox']);
  expect(faults).toEqual([
    'the channel email is not sent: set mailFrom and publicUrl as well',
    'the channel webhook is not sent: set PINWALK_WEBHOOK_SECRET as well',
    'the channel push is not sent: set vapidPublicKey as well',
  ]);
});
