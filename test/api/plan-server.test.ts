import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import type { notificationPlanResponse } from '../../api/contract/index.ts';
import { type Settings, createLog } from '../../api/index.ts';
import { readLastPlan, readPerson } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { dayMs, fillFolder, hourMs, monday, record } from '../planning.ts';
import { openServer } from './server.ts';

type Plan = z.output<typeof notificationPlanResponse>;

const people = 16;

/** A server whose clock is moved by the test. People have quiet hours until 23 o'clock, and visit at 9. */
async function served(settings: Partial<Settings>) {
  const folder = temporaryDataFolder();
  const quietHours = { startMinute: 0, endMinute: 23 * 60 };
  await fillFolder(folder, people, (person) => (person < 4 ? { quietHours } : {}));
  const visits = Array.from({ length: 30 * people }, (_, i) => ({
    kind: 'visit',
    user: `u${i % people}`,
    at: monday - 9 * hourMs - Math.floor(i / people) * dayMs - (i % 7) * 1_000,
  }));
  record(folder, visits, monday);
  const clock = { now: monday };
  const log = createLog('silent', { write: () => undefined });
  const server = await openServer({ folder, log, settings, wallClock: () => clock.now });
  onTestFinished(server.close);
  await server.service.start();
  const get = async (user: string): Promise<Plan> =>
    (await (await fetch(`${server.url}/v1/users/${user}/notifications/plan`)).json()) as Plan;
  return { folder, clock, get };
}

const stateOf = (folder: Parameters<typeof readPerson>[0], user: string) =>
  readPerson(folder, user)?.notifications[0];

test('a server plans from its hour on, scores a held notification again, sends it, and says why', async () => {
  const { folder, clock, get } = await served({ notifyPlanHour: 6, notifyEverySeconds: 1, notifyPerWeek: 7, notifyHoldout: 0, notifyExplore: 0 }); // prettier-ignore
  await expect.poll(() => readLastPlan(folder, 'for-you')?.isFinished).toBe(true);
  // Whoever comes first is declined: nothing is known of the week yet.
  const user = ['u0', 'u1', 'u2', 'u3'].find((each) => stateOf(folder, each)!.state === 'held')!;
  const held = stateOf(folder, user)!;
  const { decision, recent, week } = await get(user);
  expect(decision).toMatchObject({ suppressedBy: 'minimum-gap', channel: 'inbox', pins: [] });
  expect(recent).toMatchObject([{ id: held.id, state: 'held', suppressedBy: null, window: '2026-11-30' }]);
  expect(week).toMatchObject({ budget: 7 * people, people, done: people });
  record(folder, [{ kind: 'hide', user, pin: held.pins[0]!, at: clock.now }], clock.now);
  clock.now = held.notBefore + 1_000;
  await expect.poll(() => stateOf(folder, user)!.state).toBe('sent');
  const sent = stateOf(folder, user)!;
  expect(sent.pins[0]).not.toBe(held.pins[0]);
  expect(sent.copy.title).toBe(sent.pins[0]);
});

test('a preview explains what would be sent, with contributions that sum to its log odds, and stores nothing', async () => {
  const { folder, get } = await served({});
  const { decision, recent, week } = await get('u5');
  expect([recent, week]).toEqual([[], null]);
  expect(decision).toMatchObject({ suppressedBy: null, channel: 'inbox', held: false, propensity: 1 });
  expect(decision!.sendAt).toMatch(/^2026-1[12]-\d\dT/);
  expect(decision!.text).toMatch(/t1p/);
  expect(decision!.template!.name).toMatch(/^saved\/[a-z-]+$/);
  const odds = decision!.contributions.reduce((sum, { logOdds }) => sum + logOdds, 0); // prettier-ignore
  expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(decision!.pins[0]!.open, 10);
  expect(readLastPlan(folder, 'for-you')).toBeUndefined();
  expect(stateOf(folder, 'u5')).toBeUndefined();
  expect(await get('nobody')).toMatchObject({ decision: null, recent: [] });
});
