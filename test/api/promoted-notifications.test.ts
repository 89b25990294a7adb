import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../api/index.ts';
import { signLink } from '../../api/notifications/links.ts';
import {
  type Proposal,
  activateSnapshot,
  buildSnapshot,
  readInteractions,
  readLinkSecret,
  readPerson,
} from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { importTopics } from '../topics.ts';
import { bid, budget } from './campaign-server.ts';
import { inbox } from './digest.ts';
import { openServer } from './server.ts';

interface Sent {
  readonly pins: readonly string[];
  readonly promoted?: {
    readonly pin: string;
    readonly campaign: string;
    readonly label: string;
    readonly token: string;
  };
}

test('a notification has a promoted pin at its place, labeled, whose link charges a click once', async () => {
  const folder = temporaryDataFolder();
  await importTopics(folder);
  const database = openDatabase(folder);
  database.exec("UPDATE pins SET url = 'https://example.com/' || key");
  database.close();
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  const started = await openServer({
    folder,
    settings: { notifyEverySeconds: 1, notifyPromotedSlot: 2 },
    log: createLog('silent', { write: () => {} }),
    onDue: () => true,
  });
  onTestFinished(async () => started.close());
  const { service, url } = started;
  await service.start();
  const send = async (method: string, pathname: string, body?: unknown): Promise<Response> =>
    fetch(url + pathname, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const campaign = { pins: ['bread-9'], label: 'Ad', bid: bid(400_000), ...budget };
  for (const [id, surfaces] of [
    ['mailed', ['notification-file']],
    ['elsewhere', ['home']],
  ] as const)
    expect((await send('PUT', `/v1/campaigns/${id}`, { ...campaign, surfaces })).status).toBe(200);
  const notify = async (user: string, pins: readonly string[]): Promise<Sent> => {
    await service.notifications.call('putChannels', user, [{ ...inbox, kind: 'file' }], Date.now());
    const copy = { title: 'New for you', text: 'Because', language: 'en' };
    const common = {
      campaign: 'digest',
      window: 'w1',
      channel: 'file' as const,
      journal: { pipeline: 'feed' },
    };
    const proposal: Proposal = { ...common, user, pins, copy, expires: Date.now() + 1e7 };
    expect(await service.notifications.call('propose', [proposal], Date.now())).toEqual(['added']);
    const states = (): unknown[] => readPerson(folder, user)!.notifications.map(({ state }) => state);
    await expect.poll(states).toEqual(['sent']);
    const lines = readFileSync(path.join(folder.root, 'notifications.jsonl'), 'utf8').trim().split('\n');
    return JSON.parse(lines.at(-1)!) as Sent;
  };
  const { pins, promoted } = await notify('ann', ['bread-0', 'bread-3']);
  expect(pins).toEqual(['bread-0', 'bread-9', 'bread-3']);
  expect(promoted).toMatchObject({ pin: 'bread-9', campaign: 'mailed', label: 'Ad' });
  const impressions = (): unknown[] =>
    [...readInteractions(folder)]
      .filter(({ user, kind }) => user === 'ann' && kind === 'impression')
      .map(({ pin, pipeline, rank }) => [pin, pipeline, rank]);
  await expect.poll(impressions).toEqual([
    ['bread-0', 'feed', 1],
    ['bread-9', 'promoted', 2],
    ['bread-3', 'feed', 3],
  ]);
  // What an e-mail would have as its link.
  const { id } = readPerson(folder, 'ann')!.notifications[0]!;
  const link = signLink(readLinkSecret(folder)!, 'click', `${id}.0.${promoted!.token}`);
  for (let i = 0; i < 2; i++) {
    const followed = await send('GET', `/v1/notifications/${link}/click`);
    expect([followed.status, followed.headers.get('location')]).toEqual([302, 'https://example.com/bread-9']);
  }
  const report = (await (await send('GET', '/v1/campaigns/mailed/report')).json()) as Record<string, unknown>;
  expect(report).toMatchObject({ impressions: 1, clicks: 1, spentMicros: 10_000, uncharged: {} });
  expect(report['surfaces']).toMatchObject([{ surface: 'notification-file', clicks: 1 }]);
  const forged = signLink(readLinkSecret(folder)!, 'click', `${id}.0.${'x'.repeat(43)}`);
  expect((await send('GET', `/v1/notifications/${forged}/click`)).status).toBe(404);
  // Nothing supports it beside bikes, and it is in the notification of bread anyway.
  expect((await notify('ben', ['bikes-0', 'bikes-1'])).promoted).toBeUndefined();
  expect((await notify('cem', ['bread-9', 'bread-1'])).promoted).toBeUndefined();
});
