import SqliteDatabase from 'better-sqlite3';
import {
  type Decision,
  type PlanPolicy,
  type PlanReport,
  openPlanner,
  planDefaults,
  planRun,
  runPlan,
} from '../api/notifications/index.ts';
import { nextBelow, randomStream } from '../engine/index.ts';
import {
  type ChannelSettings,
  type DataFolder,
  InteractionWriter,
  type Notification,
  type PlanRun,
  NotificationStore,
  activateSnapshot,
  buildSnapshot,
  importRows,
  loadActiveSnapshot,
  notificationsFile,
  readLastPlan,
  readPerson,
} from '../graph-data/index.ts';

export const [hourMs, dayMs] = [3_600_000, 86_400_000] as const;
/** A Monday, 6 o'clock. */
export const monday: number = Date.UTC(2026, 10, 30, 6);
export const policy: PlanPolicy = { ...planDefaults, perWeek: 7, holdout: 0, explore: 0 };

const inbox: ChannelSettings = { kind: 'inbox', address: '', consent: true, timeZone: 'UTC', caps: {}, language: 'en' }; // prettier-ignore

/** Fills a folder with people u0, u1, … who save pins of one of four topics, one board each; all have a channel. */
export async function fillFolder(
  folder: DataFolder,
  people: number,
  channelOf: (person: number) => Partial<ChannelSettings> = () => ({}),
): Promise<void> {
  const stream = randomStream(3);
  const rows = Array.from({ length: people }, (_, person) =>
    Array.from({ length: 12 }, (__, i) => {
      const pin = `t${person % 4}p${nextBelow(stream, 40)}`;
      return { user: `u${person}`, board: `b${person}`, pin, savedAt: monday - (i + 10) * dayMs, weight: NaN }; // prettier-ignore
    }),
  );
  await importRows(folder, [{ name: 'test', rows }]);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  inStore(folder, (store) => {
    for (let person = 0; person < people; person++) {
      const channel = { ...inbox, address: `u${person}`, ...channelOf(person) };
      store.putChannels(`u${person}`, [channel], monday - dayMs);
    }
  });
  // Plans go by the ids of channels, which are random: a week of other ids is another week.
  const database = new SqliteDatabase(notificationsFile(folder));
  const setId = database.prepare('UPDATE channels SET channelId = ? WHERE user = ?');
  for (let person = 0; person < people; person++) {
    setId.run(
      `${nextBelow(stream, 2 ** 31)
        .toString(36)
        .padStart(6, '0')}-${person}`,
      `u${person}`,
    );
  }
  database.close();
}

export function inStore<Result>(folder: DataFolder, work: (store: NotificationStore) => Result): Result {
  const store = new NotificationStore(folder, 1_000);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Records what people did, as the server does. */
export function record(folder: DataFolder, rows: Parameters<InteractionWriter['apply']>[0][number]['rows'], time: number): void {
  const writer = new InteractionWriter(folder, 1_000);
  writer.apply([{ rows, time }]);
  writer.close();
} // prettier-ignore

/** Opens a planner as of a time. */
export function planner(folder: DataFolder, at: number, of: PlanPolicy = policy): ReturnType<typeof openPlanner> {
  const onWarning = (text: string): never => { throw new Error(text); }; // prettier-ignore
  const snapshot = loadActiveSnapshot(folder, (fault) => onWarning(fault.message));
  return openPlanner({ folder, snapshot, policy: of, at, onWarning });
} // prettier-ignore

/** Plans as the command does; undefined if the day is planned. */
export async function plan(
  folder: DataFolder,
  at: number,
  of: PlanPolicy = policy,
  {
    seed = 1,
    limit,
    isDry = false,
    onDecisions,
  }: {
    seed?: number;
    limit?: number;
    isDry?: boolean;
    onDecisions?: (decisions: readonly Decision[], run: PlanRun) => void;
  } = {},
): Promise<{ report: PlanReport; decisions: readonly Decision[] } | undefined> {
  const last = readLastPlan(folder, of.campaign);
  const begun = planRun(last, of, { at, seed, people: 0 });
  if (begun === undefined) return undefined;
  using opened = planner(folder, begun.at, of);
  const run = planRun(last, of, { at, seed, people: opened.reader.count() })!;
  const store = isDry ? undefined : new NotificationStore(folder, 1_000);
  const decisions: Decision[] = [];
  try {
    const report = await runPlan({
      ...opened,
      store,
      run,
      before: last,
      limit,
      onDecisions: (some, moved) => {
        decisions.push(...some);
        onDecisions?.(some, moved);
      },
    });
    return { report, decisions };
  } finally {
    store?.close();
  }
}

/** What is stored of all people. */
export function stored(folder: DataFolder, people: number): Notification[] {
  return Array.from({ length: people }, (_, i) => readPerson(folder, `u${i}`)?.notifications ?? []).flat();
}

/**
 * Sends what is due until a time, each at its own; held ones are released as they are. Returns what was sent. People click one in three.
 */
export function sendUntil(folder: DataFolder, until: number): readonly Notification[] {
  const sent = inStore(folder, (store) => {
    for (const { id } of store.heldDue(until, 10_000)) store.release(id, {});
    const database = new SqliteDatabase(notificationsFile(folder), { readonly: true });
    const sql = `SELECT DISTINCT notBefore FROM outbox WHERE state = 'pending' AND notBefore < ? ORDER BY 1`;
    const times = database.prepare<[number], number>(sql).pluck().all(until);
    database.close();
    return times.flatMap((time) =>
      store.claim(time, 60_000, 1_000).map((claimed) => {
        store.settle(claimed.id, claimed.transactionId, { kind: 'sent' }, time);
        return claimed;
      }),
    );
  });
  const clicks = sent
    .filter(({ id }) => id.charCodeAt(0) % 3 === 0)
    .map(({ id, user, channel, pins, notBefore }) => ({ kind: 'click', user, pin: pins[0], recommendationId: id, surface: `notification-${channel}`, at: notBefore + 60_000 })); // prettier-ignore
  record(folder, clicks, until);
  return sent;
}
