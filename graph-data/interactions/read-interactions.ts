import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import { type Interaction, dayMs, dayOf } from './interaction.ts';
import { asMonthError, damagedMonth } from './month-errors.ts';
import { hasQueries, inMonth, readMonth } from './month-files.ts';
import { type Month, firstDayOf, listMonths, monthOf } from './month-names.ts';

/** A stored interaction. Its `id` is missing where the content is the id. */
export type StoredInteraction = Interaction & { readonly at: number };

type Row = [
  id: string | Uint8Array,
  kind: string,
  user: string,
  pin: string | null,
  at: number,
  recommendation: string,
  surface: string | null,
  pipeline: string | null,
  arm: string | null,
  rank: number | null,
  score: number | null,
  propensity: number | null,
  value: number | null,
  query: string | null,
];

/** The last time of a JavaScript Date. */
const timeMax = 8.64e15;

const rowsSql = (hasText: boolean): string => `
  SELECT i.id, kinds.key, users.key, pins.key, i.day * 86400000 + i.at, recommendation,
    surfaces.key, pipelines.key, arms.key, rank, score, propensity, value, ${hasText ? 'queries.text' : 'NULL'}
  FROM interactions AS i
  CROSS JOIN lists ON lists.id = i.list
  CROSS JOIN users ON users.id = lists.user
  CROSS JOIN names AS kinds ON kinds.id = kind
  LEFT JOIN pins ON pins.id = pin
  LEFT JOIN names AS surfaces ON surfaces.id = surface
  LEFT JOIN names AS pipelines ON pipelines.id = pipeline
  LEFT JOIN names AS arms ON arms.id = arm
  ${hasText ? 'LEFT JOIN queries ON queries.list = i.list' : ''}`;

/** Reads all interactions, or those of a person, in the order of days. O(rows of all). */
export function* readInteractions(
  folder: DataFolder,
  user?: string,
): Generator<StoredInteraction, void, undefined> {
  for (const month of listMonths(folder)) {
    const database = readMonth(folder, month);
    try {
      yield* rowsOf(database, month, user);
    } catch (error) {
      throw asMonthError(folder, month, error);
    } finally {
      database.close();
    }
  }
}

/** The interactions of days from one on, and before another one, in the order of days, streamed. O(rows of these days). */
export function* readInteractionsFrom(
  folder: DataFolder,
  day: number,
  before: number = Infinity,
): Generator<StoredInteraction> {
  for (const month of listMonths(folder)) {
    if (month < monthOf(day * dayMs) || firstDayOf(month) >= before) continue;
    const database = readMonth(folder, month);
    try {
      yield* rowsWhere(database, month, ' WHERE day >= ? AND day < ?', [day, before]);
    } catch (error) {
      throw asMonthError(folder, month, error);
    } finally {
      database.close();
    }
  }
}

/** The interactions of a day, in no order that says anything. O(rows of the day). */
export function readDay(folder: DataFolder, day: number): StoredInteraction[] {
  const month = monthOf(day * dayMs);
  if (!listMonths(folder).includes(month)) return [];
  return inMonth(folder, month, (database) => [...rowsWhere(database, month, ' WHERE day = ?', [day])]);
}

function* rowsOf(database: Database, month: Month, user: string | undefined): Generator<StoredInteraction> {
  if (user === undefined) yield* rowsWhere(database, month, '', []);
  else if (isIn(database, user)) {
    const where = ' WHERE i.list IN (SELECT id FROM lists WHERE user = (SELECT id FROM users WHERE key = ?))';
    yield* rowsWhere(database, month, where, [user]);
  }
}

function* rowsWhere(
  database: Database,
  month: Month,
  where: string,
  values: readonly (string | number)[],
): Generator<StoredInteraction> {
  const rows = database
    .prepare<(string | number)[], Row>(`${rowsSql(hasQueries(database))}${where} ORDER BY day, i.id`)
    .raw()
    .iterate(...values);
  for (const [id, kind, key, pin, at, recommendation, surface, pipeline, arm, ...figures] of rows) {
    if (!(Math.abs(at) <= timeMax)) throw damagedMonth(month, 'a time is impossible');
    const [rank, score, propensity, value, query] = figures;
    yield {
      id: typeof id === 'string' ? id : undefined,
      kind,
      user: key,
      pin: pin ?? undefined,
      at,
      recommendationId: recommendation === '' ? undefined : recommendation,
      surface: surface ?? undefined,
      pipeline: pipeline ?? undefined,
      arm: arm ?? undefined,
      rank: rank ?? undefined,
      score: score ?? undefined,
      propensity: propensity ?? undefined,
      value: value ?? undefined,
      query: query ?? undefined,
    };
  }
}

/** Whether a month that begins before a time is stored. */
export function hasStoredInteractions(folder: DataFolder, before: number): boolean {
  const [first] = listMonths(folder);
  return first !== undefined && firstDayOf(first) < dayOf(before);
}

/** Whether there are interactions of a person. Milliseconds. */
export function hasInteractions(folder: DataFolder, user: string): boolean {
  return listMonths(folder).some((month) => inMonth(folder, month, (database) => isIn(database, user)));
}

function isIn(database: Database, user: string): boolean {
  return database.prepare<[string]>('SELECT 1 FROM users WHERE key = ?').get(user) !== undefined;
}

/** The versions of all days with interactions, which change with their rows. */
export function dayVersions(folder: DataFolder): Map<number, number> {
  return new Map(
    listMonths(folder).flatMap((month) =>
      inMonth(folder, month, (database) =>
        database.prepare<[], [number, number]>('SELECT day, version FROM days').raw().all(),
      ),
    ),
  );
}

/** O(rows of the day), some 20 ns each. */
export function rowsOfDay(folder: DataFolder, day: number): number {
  const month = monthOf(day * dayMs);
  if (!listMonths(folder).includes(month)) return 0;
  const sql = 'SELECT count(*) FROM interactions WHERE day = ?';
  return inMonth(folder, month, (database) => database.prepare<[number], number>(sql).pluck().get(day)!);
}
