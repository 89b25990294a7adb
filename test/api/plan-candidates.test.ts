import { afterAll, beforeAll, expect, test } from 'vitest';
import { FreshPins } from '../../api/notifications/plan/fresh-pins.ts';
import { InterestCatalog } from '../../api/recommend/index.ts';
import {
  Store,
  activateModel,
  activateSnapshot,
  buildSnapshot,
  importRows,
  loadActiveSnapshot,
  readPerson,
  trainModel,
} from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { clickLog, writeInteractions } from '../click-log.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { dayMs, inStore, plan, planner, policy } from '../planning.ts';
import { importTopics } from '../topics.ts';

/** Longer after the log of clicks than what was seen counts. */
const at = Date.UTC(2026, 11, 20, 6);
const folder = temporaryDataFolder(afterAll);

const hasNoAddress = (pin: string): boolean => Number(pin.split('-').at(-1)) % 4 === 3;

beforeAll(async () => {
  await importTopics(folder);
  const fresh = ['bread-fan-0', 'bread-fan-1'].flatMap(
    (user, i) =>
    // Two boards have the first, one the second.
    ['bread-new', `bread-odd-${i}`].map((pin) => ({ user, board: user.replace('fan', 'board'), pin, savedAt: at - dayMs, weight: NaN })), // prettier-ignore
  );
  await importRows(folder, [{ name: 'fresh', rows: [fresh] }]);
  const database = openDatabase(folder);
  const give = database.prepare(`UPDATE pins SET url = 'https://pins.example/' || key WHERE key = ?`);
  const pins = database.prepare<[], string>('SELECT key FROM pins').pluck().all();
  for (const pin of pins) if (!hasNoAddress(pin)) give.run(pin);
  database.close();
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  writeInteractions(folder, clickLog(600, (pin) => `bread-${pin % 20}`, (person) => `bread-fan-${person % 12}`)); // prettier-ignore
  inStore(folder, (store) => {
    for (let i = 0; i < 12; i++) {
      store.putChannels(`bread-fan-${i}`, [{ kind: 'email', address: 'x@example.com', consent: true, timeZone: 'UTC', caps: {}, language: 'de' }], at - dayMs); // prettier-ignore
    }
  });
});

test('new pins of an interest have recent saves on two boards and no earlier ones', () => {
  const store = Store.open(folder);
  const snapshot = loadActiveSnapshot(folder, (fault) => { throw fault; }); // prettier-ignore
  const served = new InterestCatalog(folder, () => 0, () => undefined).of(snapshot); // prettier-ignore
  const pinsFor = (user: string, now: number): string[] =>
    new FreshPins(store, snapshot, served, now)
      .of(store.indexOf('users', user)!, () => false)
      .map(({ pin, source, of }) => {
        const { name } = served.tree.interests[served.tree.placeOf(of)!]!;
        return `${store.keyAt('pins', pin)} ${source} ${name}`;
      });
  expect(pinsFor('bread-fan-5', at)).toEqual(['bread-new interest my bread']);
  // Who has saved it, likes something else, or hides it does not get it; nor does anybody two weeks later.
  expect(pinsFor('bread-fan-0', at)).toEqual([]);
  expect(pinsFor('rock-fan-5', at)).toEqual([]);
  expect(pinsFor('bread-fan-5', at + 14 * dayMs)).toEqual([]);
  const bread = served.tree.interests.find(({ name }) => name === 'my bread')!.id;
  const database = openDatabase(folder);
  const hide = database.prepare('UPDATE users SET hiddenInterests = ? WHERE key = ?');
  hide.run(JSON.stringify([bread]), 'bread-fan-5');
  expect(pinsFor('bread-fan-5', at)).toEqual([]);
  hide.run(null, 'bread-fan-5');
  database.close();
  store.close();
});

test('an active model of clicks ranks the pins, and is in the journal; an e-mail names five, in its language', async () => {
  const options = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion: 'test' } as const; // prettier-ignore
  const { version } = trainModel(folder, options);
  const without = (await plan(folder, at, policy, { isDry: true }))!.decisions;
  expect(new Set(without.map(({ modelVersion }) => modelVersion))).toEqual(new Set([undefined]));
  activateModel(folder, version);
  const { decisions } = (await plan(folder, at))!;
  const order = (of: typeof decisions): string => JSON.stringify(of.map(({ pins }) => pins.map(({ pin }) => pin))); // prettier-ignore
  expect(order(decisions)).not.toBe(order(without));
  for (const { modelVersion, pins, features } of decisions) {
    expect(modelVersion).toBe(version);
    expect(features!.prior).toBeGreaterThan(0);
    const opens = pins.map(({ open }) => open);
    expect(opens).toEqual(opens.toSorted((a, b) => b - a));
  }
  const sent = decisions.find(({ suppressedBy }) => suppressedBy === undefined)!;
  const [stored] = readPerson(folder, sent.user)!.notifications;
  expect(stored!.pins).toEqual(sent.sent);
  expect(stored!.pins).toHaveLength(5);
  // An e-mail lists further pins that have an address to lead to.
  expect(decisions.flatMap((each) => each.sent.slice(1)).filter(hasNoAddress)).toEqual([]);
  expect(decisions.flatMap(({ pins }) => pins.map(({ pin }) => pin)).some(hasNoAddress)).toBe(true);
  expect(stored!.copy.text).toMatch(
    /^(Weil Sie .* gemerkt haben|Passt zu .* auf Ihrer Merkliste|Mehr wie .*)$/,
  );
  expect(stored!.journal).toMatchObject({ model: version, features: sent.features });
  using opened = planner(folder, at);
  expect(opened.planner.contributionsOf(sent.features!)[0]).toMatchObject({ feature: 'model' });
});
