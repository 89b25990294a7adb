import type { VolumeMark } from '../../engine/index.ts';
import type { Database } from '../database/index.ts';
import { type Root, inNotifications } from './notification-file.ts';

/** One plan of a campaign for a window, such as a day: where it is, and what decides the offers to come. It names no person. */
export interface PlanRun {
  readonly campaign: string;
  readonly window: string;
  /** Milliseconds since 1970: of all its decisions, however long it takes. */
  readonly at: number;
  readonly seed: number;
  /** The first day of the budget's weeks, in days since 1970: the day of the first plan. */
  readonly firstDay: number;
  /** People with a channel when it began. */
  readonly people: number;
  /** Of them, those it is through with. */
  readonly done: number;
  /** Channel ids come in this order: from `start` on, then from the smallest one. `position`: the last one. */
  readonly start: string;
  readonly position: string | undefined;
  readonly isFinished: boolean;
  /** Share of the people who receive nothing; undefined: of a plan that did not say. */
  readonly holdout?: number;
  readonly volume: VolumeMark;
  /** Of the last offer with a pin: its value as a share of that with the best pin that there may be. Default: 1. */
  readonly reached?: number;
}

const table = `CREATE TABLE IF NOT EXISTS plans (
  campaign TEXT NOT NULL,
  window TEXT NOT NULL,
  at INTEGER NOT NULL,
  run TEXT NOT NULL,
  PRIMARY KEY (campaign, window)
) WITHOUT ROWID, STRICT`;

/** Number of plans kept: each passes the state of the volume controller to the next. */
const keptMax = 60;

/** The last plan of a campaign by its time; undefined before the first. */
export function readLastPlan(folder: Root, campaign: string): PlanRun | undefined {
  return inNotifications(folder, (database) =>
    hasPlans(database) ? selectLast(database, campaign) : undefined,
  );
}

/** The plans of all campaigns since a time, in milliseconds since 1970, in their order. */
export function readPlans(folder: Root, since: number): PlanRun[] {
  const sql = 'SELECT run FROM plans WHERE at >= ? ORDER BY at, campaign';
  const runs = inNotifications(folder, (database) =>
    hasPlans(database) ? database.prepare<[number], string>(sql).pluck().all(since) : [],
  );
  return (runs ?? []).map((run) => JSON.parse(run) as PlanRun);
}

function hasPlans(database: Database): boolean {
  return database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'plans'`).get() !== undefined;
}

function selectLast(database: Database, campaign: string): PlanRun | undefined {
  const sql = 'SELECT run FROM plans WHERE campaign = ? ORDER BY at DESC, window DESC LIMIT 1';
  const run = database.prepare<[string], string>(sql).pluck().get(campaign);
  return run === undefined ? undefined : (JSON.parse(run) as PlanRun);
}

/**
 * Stores where a plan is, within a transaction. False, and nothing is stored, if another process has moved the plan on since `before`,
 * the one that was read last.
 */
export function putPlan(database: Database, before: PlanRun | undefined, run: PlanRun): boolean {
  database.exec(table);
  const last = selectLast(database, run.campaign);
  if (last?.window !== before?.window || last?.done !== before?.done || last?.isFinished !== before?.isFinished) return false; // prettier-ignore
  const { campaign, window, at } = run;
  database
    .prepare(
      'INSERT INTO plans VALUES (?, ?, ?, ?) ON CONFLICT (campaign, window) DO UPDATE SET at = excluded.at, run = excluded.run',
    ) // prettier-ignore
    .run(campaign, window, at, JSON.stringify(run));
  if (before?.window !== window) {
    const old = `DELETE FROM plans WHERE campaign = ? AND window NOT IN (SELECT window FROM plans WHERE campaign = ? ORDER BY at DESC LIMIT ${keptMax})`;
    database.prepare(old).run(campaign, campaign);
  }
  return true;
}
