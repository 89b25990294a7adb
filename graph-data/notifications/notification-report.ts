import { calibrationBins } from '../../engine/model/index.ts';
import { ZoneHours } from '../../engine/notify/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { dayMs, readInteractionsFrom } from '../interactions/index.ts';
import { HoldoutActivity, type HoldoutReport } from './holdout-activity.ts';
import { inNotifications } from './notification-file.ts';
import { type PlanRun, readPlans } from './plan-run.ts';

interface Counts {
  sent: number;
  opened: number;
  /** With a click or save. */
  clicked: number;
}

/** What became of the notifications that were proposed on some days. */
export interface NotificationReport {
  readonly total: Readonly<Counts>;
  /** To be sent. */
  readonly waiting: number;
  /** By the rule against sending. */
  readonly heldBack: Readonly<Record<string, number>>;
  readonly plans: readonly PlanRun[];
  /** Undefined without a plan that held somebody out. */
  readonly holdout: HoldoutReport | undefined;
  /** Bins of about equally many notifications, by ascending probability of a click. */
  readonly calibration: readonly {
    readonly sent: number;
    readonly predicted: number;
    readonly observed: number;
  }[];
  /** By the hour of the person's clock: 24. */
  readonly hours: readonly Readonly<Counts>[];
}

interface Row {
  readonly id: string;
  readonly sentAt: number | null;
  readonly state: string;
  readonly suppressedBy: string | null;
  readonly journal: string;
  readonly timeZone: string | null;
}

/** Bins of the calibration. */
const binsMax = 10;
/** Notifications of a bin, at least. */
const binRowsMin = 20;
/** Actions that a notification may still get: until then it is not judged. */
const judgedAfterMs = dayMs;
const notificationSurface = 'notification-';

/**
 * `from`: the first day, in days since 1970; `now` in milliseconds. `placeOf`: as {@link HoldoutActivity.of} has it. O(notifications and
 * interactions since, and interactions of the 28 days before the first plan).
 */
export function notificationReport(
  folder: DataFolder,
  from: number,
  now: number,
  placeOf: (campaign: string, user: string) => number,
): NotificationReport {
  const plans = readPlans(folder, from * dayMs);
  const activity = HoldoutActivity.of(folder, plans, from, placeOf);
  const { opened, clicked } = actedOn(folder, from, activity);
  const zones = new ZoneHours();
  const total = noCounts();
  const hours = Array.from({ length: 24 }, noCounts);
  let waiting = 0;
  const heldBack: Record<string, number> = {};
  const [p, y]: [number[], number[]] = [[], []];
  const add = (counts: Counts, id: string): void => {
    counts.sent++;
    if (opened.has(id)) counts.opened++;
    if (clicked.has(id)) counts.clicked++;
  };
  inNotifications(folder, (database) => {
    const rows = database
      .prepare<[number], Row>(
        `SELECT id, sentAt, state, suppressedBy, journal, timeZone FROM outbox
           LEFT JOIN channels ON channels.user = outbox.user AND channels.kind = outbox.channel
         WHERE createdAt >= ? ORDER BY createdAt, id`,
      )
      .iterate(from * dayMs);
    for (const { id, sentAt, state, suppressedBy, journal, timeZone } of rows) {
      if (state === 'pending' || state === 'held') waiting++;
      else if (suppressedBy !== null) heldBack[suppressedBy] = (heldBack[suppressedBy] ?? 0) + 1;
      if (state !== 'sent' || sentAt === null) continue;
      add(total, id);
      add(hours[hourOf(zones, sentAt, timeZone)]!, id);
      const predicted = predictedOf(journal);
      if (predicted === undefined || sentAt > now - judgedAfterMs) continue;
      p.push(predicted);
      y.push(clicked.has(id) ? 1 : 0);
    }
  });
  const bins = Math.max(1, Math.min(binsMax, Math.floor(p.length / binRowsMin)));
  const calibration = calibrationBins(Float64Array.from(p), y, bins).map(
    ({ rows: sent, predicted, observed }) => ({ sent, predicted, observed }),
  );
  return { total, waiting, heldBack, plans, holdout: activity?.report(), calibration, hours };
} // prettier-ignore

/** Ids of notifications that were opened, and acted on. Activity counts the interactions on the way. */
function actedOn(
  folder: DataFolder,
  from: number,
  activity: HoldoutActivity | undefined,
): { opened: Set<string>; clicked: Set<string> } {
  const [opened, clicked] = [new Set<string>(), new Set<string>()];
  for (const interaction of readInteractionsFrom(folder, from)) {
    activity?.add(interaction);
    const { kind, surface = '', recommendationId } = interaction;
    if (recommendationId === undefined || !surface.startsWith(notificationSurface)) continue;
    if (kind === 'open') opened.add(recommendationId);
    if (kind === 'click' || kind === 'save') clicked.add(recommendationId);
  }
  return { opened, clicked };
}

/** The probability of a click that the plan stated. */
function predictedOf(journal: string): number | undefined {
  const { prediction } = JSON.parse(journal) as { prediction?: { open?: unknown } };
  return typeof prediction?.open === 'number' ? prediction.open : undefined;
}

/** UTC for a channel that is gone, or whose zone Node does not know. */
function hourOf(zones: ZoneHours, time: number, zone: string | null): number {
  try {
    return Math.floor(zones.minuteOf(time, zone ?? 'UTC') / 60);
  } catch {
    return new Date(time).getUTCHours();
  }
}

function noCounts(): Counts {
  return { sent: 0, opened: 0, clicked: 0 };
}
