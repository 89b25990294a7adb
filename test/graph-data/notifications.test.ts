import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type Proposal,
  idempotencyKeyOf,
  readChannels,
  readInbox,
  readLinkSecret,
  readPerson,
  suppressions,
} from '../../graph-data/index.ts';
import { dayMs, hourMs, inbox, leaseMs, minuteMs, nightly, noon, open, proposal } from './notified.ts';

test('without a channel, nothing is opened, created or stored', async () => {
  const { folder, store } = await open({});
  const before = readdirSync(folder.root);
  store.putChannels('ann', [], noon);
  expect(store.propose([proposal('ann', 'w1')], noon)).toEqual(['unreachable']);
  expect(store.claim(noon, leaseMs, 10)).toEqual([]);
  expect(store.heldDue(noon, 10)).toEqual([]);
  expect(store.unsubscribe('x', noon)).toBeUndefined();
  expect(store.erase('ann')).toEqual({ channels: 0, notifications: 0 });
  expect([readChannels(folder, 'ann'), readInbox(folder, 'ann', 10), readLinkSecret(folder)]).toEqual([[], [], undefined]); // prettier-ignore
  expect(readdirSync(folder.root)).toEqual(before);
});

test('a person gets one notification of a campaign and window, however often it is proposed and claimed', async () => {
  const { store, send } = await open({ ann: [inbox, { ...inbox, kind: 'file' }], ben: [inbox] });
  const some = [proposal('ann', 'w1'), proposal('ann', 'w1', { channel: 'file' }), proposal('ben', 'w1')];
  expect(store.propose(some, noon)).toEqual(['added', 'present', 'added']);
  expect(store.propose([...some, proposal('ann', 'w2')], noon)).toEqual([
    'present',
    'present',
    'present',
    'added',
  ]);
  expect(send(noon).toSorted()).toEqual(['w1', 'w1', 'w2']);
  expect(store.propose(some, noon + 1)).toEqual(['present', 'present', 'present']);
  expect(send(noon + dayMs)).toEqual([]);
});

test('a claimed notification is sent once: when its lease runs out, it is dead, unless its holder later reports that it was sent', async () => {
  const { store, stateOf } = await open({ ann: [inbox] });
  store.propose([proposal('ann', 'w1'), proposal('ann', 'w2')], noon);
  const [first, second] = store.claim(noon, leaseMs, 10);
  expect(store.claim(noon + leaseMs - 1, leaseMs, 10)).toEqual([]);
  expect(store.claim(noon + leaseMs, leaseMs, 10)).toEqual([]);
  expect(stateOf(first!.window)).toBe('dead lost');
  // Only the transaction of the claim settles it.
  expect(store.settle(first!.id, idempotencyKeyOf(first!.id), { kind: 'sent' }, noon)).toBe(false);
  expect(store.settle(first!.id, second!.transactionId, { kind: 'sent' }, noon)).toBe(false);
  expect(store.settle(first!.id, first!.transactionId, { kind: 'sent' }, noon + 2 * leaseMs)).toBe(true);
  expect(stateOf(first!.window)).toBe('sent');
  expect(store.settle(first!.id, first!.transactionId, { kind: 'unknown', failure: 'late' }, noon)).toBe(
    false,
  );
  const [key, transaction] = [idempotencyKeyOf(first!.id), first!.transactionId];
  expect([key.length, transaction.length]).toEqual([16, 64]);
});

test('consent, erasure and the pin are read when a notification is sent, not when it was proposed', async () => {
  const people = ['yes', 'no', 'gone', 'erased', 'link'];
  const { folder, store, send, stateOf } = await open(
    Object.fromEntries(people.map((user) => [user, [inbox]])),
  );
  for (const user of people)
    store.propose([proposal(user, user, { pins: ['basil', 'never', 'tomato'] })], noon);
  store.putChannels('no', [{ ...inbox, consent: false }], noon);
  store.putChannels('gone', [], noon);
  expect(store.erase('erased')).toEqual({ channels: 1, notifications: 1 });
  const [{ channelId } = { channelId: '' }] = readChannels(folder, 'link');
  expect(store.unsubscribe(channelId, noon)).toMatchObject({ user: 'link', consent: false });
  const changed = readFileSync(path.join(folder.root, 'notifications.db'));
  expect(store.unsubscribe(channelId, noon + 1)).toMatchObject({ consent: false, consentAt: noon });
  expect(readFileSync(path.join(folder.root, 'notifications.db')).equals(changed)).toBe(true);
  const [claimed, ...others] = store.claim(noon, leaseMs, 10);
  expect([claimed?.user, claimed?.pins, others]).toEqual(['yes', ['basil', 'tomato'], []]);
  expect(['no', 'gone', 'link'].map(stateOf)).toEqual(Array(3).fill('cancelled no-consent'));
  expect(store.propose([proposal('no', 'w2')], noon)).toEqual(['unreachable']);
  // A consent that is given again brings nothing back.
  store.putChannels('no', [inbox], noon);
  expect(send(noon + hourMs)).toEqual([]);

  store.propose([proposal('yes', 'w2'), proposal('yes', 'w3', { pins: ['tomato', 'basil'] })], noon);
  const database = openDatabase(folder);
  database.prepare(`DELETE FROM pins WHERE key = 'basil'`).run();
  database.close();
  expect(store.claim(noon, leaseMs, 10).map(({ pins }) => pins)).toEqual([['tomato']]);
  expect(stateOf('w2')).toBe('cancelled pin-gone');
});

test('a notification due in quiet hours, or still unsent when they begin, is held until they end, then released unchanged, changed or never', async () => {
  const { store, send, stateOf } = await open({ ann: [nightly] });
  const [evening, morning] = [noon + 10 * hourMs, noon + 19 * hourMs];
  const windows = ['w1', 'w2', 'w3'];
  store.propose(windows.map((window) => proposal('ann', window, { notBefore: evening })), noon); // prettier-ignore
  store.propose([proposal('ann', 'short', { notBefore: evening, expires: morning })], noon);
  expect(send(evening - 1)).toEqual([]);
  expect(send(evening)).toEqual([]);
  expect(['w1', 'short'].map(stateOf)).toEqual(['held quiet-hours', 'cancelled quiet-hours']);
  expect([store.heldDue(morning - 1, 10), store.heldDue(morning, 2).length]).toEqual([[], 2]);
  // Without a release, none is sent.
  expect(send(morning)).toEqual([]);
  const held = store.heldDue(morning, 10);
  const copy = { title: 'Newer', text: '', language: 'de', link: 'https://example.com/' };
  const changes = [
    {},
    { pins: ['tomato'], copy, journal: { model: 'm2' } },
    { suppressedBy: 'below-threshold' },
  ] as const;
  for (const [i, { id }] of held.entries()) expect(store.release(id, changes[i]!)).toBe(true);
  expect(store.release(held[0]!.id, { suppressedBy: 'below-threshold' })).toBe(false);
  const sent = store.claim(morning, leaseMs, 10);
  expect(sent.map(({ window }) => window).toSorted()).toEqual([held[0]!.window, held[1]!.window].toSorted());
  const newer = sent.find(({ window }) => window === held[1]!.window);
  expect(newer).toMatchObject({ pins: ['tomato'], copy, journal: { model: 'm2' } });
  expect(stateOf(held[2]!.window)).toBe('cancelled below-threshold');

  const late = evening + dayMs - 30_000;
  store.propose([proposal('ann', 'late', { notBefore: late })], noon);
  expect(send(late)).toEqual([]);
  expect(stateOf('late')).toBe('held quiet-hours');
});

test('caps count notifications that were or may have been sent, in any 24 hours and 7 days, and keep the gap, also when the clock jumps back', async () => {
  const { store, send, stateOf } = await open({
    ann: [{ ...inbox, caps: { perDay: 2, perWeek: 3, minGapMinutes: 60 } }],
    ben: [{ ...inbox, caps: { perDay: 0 } }],
  });
  const release = (now: number): void => {
    for (const { id } of store.heldDue(now, 10)) store.release(id, {});
  };
  store.propose(['w1', 'w2', 'w3', 'w4'].map((window) => proposal('ann', window)), noon); // prettier-ignore
  store.propose([proposal('ben', 'never')], noon);
  expect(send(noon)).toHaveLength(1);
  expect(stateOf('never')).toBe('cancelled daily-cap');
  release(noon + hourMs - 1);
  expect(send(noon + hourMs - 1)).toEqual([]);
  release(noon + hourMs);
  // A failure reached nobody.
  const [failed] = store.claim(noon + hourMs, leaseMs, 1);
  store.settle(failed!.id, failed!.transactionId, { kind: 'failed', failure: 'refused' }, noon + hourMs);
  release(noon + 2 * hourMs);
  const [unknown] = store.claim(noon + 2 * hourMs, leaseMs, 1);
  store.settle(
    unknown!.id,
    unknown!.transactionId,
    { kind: 'unknown', failure: 'timeout' },
    noon + 2 * hourMs,
  );
  release(noon + 4 * hourMs);
  expect(send(noon - 3 * hourMs)).toEqual([]);
  expect(send(noon + 4 * hourMs)).toEqual([]);
  release(noon + dayMs);
  expect(send(noon + dayMs)).toHaveLength(1);
  store.propose([proposal('ann', 'w5')], noon + 2 * dayMs);
  expect(send(noon + 3 * dayMs)).toEqual([]);
  expect(stateOf('w5')).toBe('held weekly-cap');
  release(noon + 7 * dayMs);
  expect(send(noon + 7 * dayMs)).toEqual(['w5']);
});

test('an attempt that failed for now is repeated, later each time, until it is dead; each has its own transaction', async () => {
  const { folder, store, stateOf } = await open({ ann: [inbox] });
  store.propose([proposal('ann', 'w1')], noon);
  let now = noon;
  const waits: number[] = [];
  const transactions = new Set<string>();
  for (let attempt = 1; attempt <= 6; attempt++) {
    const [claimed] = store.claim(now, leaseMs, 1);
    transactions.add(claimed!.transactionId);
    store.settle(claimed!.id, claimed!.transactionId, { kind: 'retry', failure: 'busy' }, now);
    const { notBefore } = readPerson(folder, 'ann')!.notifications[0]!;
    if (attempt < 6) waits.push((notBefore - now) / minuteMs);
    expect(store.claim(notBefore - 1, leaseMs, 1)).toEqual([]);
    now = notBefore;
  }
  expect([stateOf('w1'), transactions.size]).toEqual(['dead busy', 6]);
  for (const [i, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(0.5 * 2 ** i);
    expect(wait).toBeLessThanOrEqual(2 ** i);
  }
});

test('an address that is gone is not used again before it changes', async () => {
  const { folder, store, send } = await open({ ann: [{ ...inbox, address: 'old' }] });
  store.propose([proposal('ann', 'w1'), proposal('ann', 'w2')], noon);
  const [claimed] = store.claim(noon, leaseMs, 1);
  store.settle(claimed!.id, claimed!.transactionId, { kind: 'failed', failure: '410', isGone: true }, noon);
  expect(readChannels(folder, 'ann')).toMatchObject([{ unreachableAt: noon }]);
  expect(send(noon)).toEqual([]);
  store.putChannels('ann', [{ ...inbox, address: 'old' }], noon);
  expect(store.propose([proposal('ann', 'w3')], noon)).toEqual(['unreachable']);
  store.putChannels('ann', [{ ...inbox, address: 'new' }], noon);
  expect(store.propose([proposal('ann', 'w3')], noon)).toEqual(['added']);
  expect(send(noon)).toEqual(['w3']);
});

test('expired notifications are never sent, and a claim takes due ones, oldest first', async () => {
  const { store, send, stateOf } = await open({ ann: [inbox] });
  const at = (window: string, notBefore: number, expires = noon + dayMs): Proposal =>
    proposal('ann', window, { notBefore, expires });
  store.propose([at('b', noon + 2), at('a', noon + 1), at('c', noon + 9), at('x', noon, noon + 3)], noon);
  expect(store.claim(noon + 3, leaseMs, 1).map(({ window }) => window)).toEqual(['a']);
  expect(send(noon + 3)).toEqual(['b']);
  expect(stateOf('x')).toBe('cancelled expired');
});

test('the documentation has each rule that holds or cancels a notification, with the meaning that the server states', () => {
  const docs = readFileSync(path.join(import.meta.dirname, '../../docs/notification-plan.md'), 'utf8');
  const rows = [...docs.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|$/gm)].map(([, rule, meaning]) => [
    rule,
    meaning,
  ]);
  expect(rows).toEqual(Object.entries(suppressions));
});

test.each<[string, Partial<Proposal>]>([
  ['title', { copy: { title: ' ', text: '', language: 'en' } }],
  ['link', { copy: { title: 'x', text: '', language: 'en', link: 'javascript:alert(1)' } }],
  ['expires', { expires: noon }],
  ['window', { window: '' }],
  ['propensity', { journal: { propensity: 0 } }],
])('refuses a proposal whose %s is impossible, and stores none of its list', async (field, more) => {
  const { store } = await open({ ann: [inbox] });
  const bad = proposal('ann', 'bad', more);
  expect(() => store.propose([proposal('ann', 'good'), bad], noon)).toThrow(field);
  expect(store.propose([proposal('ann', 'good')], noon)).toEqual(['added']);
});
