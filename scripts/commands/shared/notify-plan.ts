import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '../../../api/operations/index.ts';
import { randomSeedMax } from '../../../engine/index.ts';
import {
  type Decision,
  type OpenPlanner,
  type PlanPolicy,
  type PlanPreview,
  type PlanReport,
  openPlanner,
  planDefaults,
  planRun,
  previewPlan,
  releaseOf,
  runPlan,
} from '../../../api/notifications/index.ts';
import { type DataFolder, messageOf, openExistingDataFolder } from '../../../graph-data/base/index.ts';
import {
  type Notification,
  NotificationStore,
  type Release,
  type Suppression,
  hasNotifications,
  readLastPlan,
  suppressions,
} from '../../../graph-data/notifications/index.ts';
import { loadActiveSnapshot } from '../../../graph-data/snapshot/index.ts';
import { print, printJson, printable, stoppable, thousands, timeLeft, warn } from '../../output.ts';
import { UsageError, integer, jsonOption } from './options.ts';
import { type SettingFlags, readSettings, withSettings } from './setting-options.ts';

interface PlanFlags extends SettingFlags {
  readonly dryRun?: true;
  readonly user?: string;
  readonly limit?: number;
  readonly seed: number;
  readonly at?: number;
  readonly json?: true;
}

/** How long a statement waits for the write of a server. */
const busyMs = 5_000;

/** `pinwalk notify plan`. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description('Decide for each person with a channel whether to notify them today, of what, and when.')
    .option('--dry-run', 'print what would be decided, and write nothing')
    .option('--user <key>', 'explain what would be sent to one person now, and write nothing')
    .option('--limit <n>', 'people to decide for; the next call goes on with the others', integer(1))
    .option('--seed <n>', 'seed of what chance decides', integer(0, randomSeedMax), 1)
    .option('--at <time>', 'plan as of a time, such as 2026-11-30T06:00Z (default: now)', timeOf)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A day (UTC) is planned once: a plan that was stopped or killed goes on with the same decisions.
Send planned notifications with pinwalk notify send, or a server with --notify-every-seconds.`,
    );
  return withSettings(command).action(plan);
}

async function plan(flags: PlanFlags): Promise<void> {
  const { settings } = readSettings(flags);
  const folder = openExistingDataFolder(settings.data);
  if (!hasNotifications(folder)) {
    throw new UsageError('nobody has a channel: set some with PUT /v1/users/{user}/channels');
  }
  const own = policyOf(settings);
  const policy = flags.user === undefined ? own : { ...own, explore: 0 };
  const at = flags.at ?? Date.now();
  if (flags.user !== undefined) explain(folder, policy, flags.user, at, flags.json === true);
  else await planAll(folder, policy, at, flags);
}

/** The policy of these settings. */
export function policyOf(
  settings: Pick<Settings, 'notifyPerWeek' | 'notifyHoldout' | 'notifyExplore'>,
): PlanPolicy {
  const { notifyPerWeek: perWeek, notifyHoldout: holdout, notifyExplore: explore } = settings;
  return { ...planDefaults, perWeek, holdout, explore };
}

/** Scores held notifications again when their time has come. Reads the graph with the first one. */
export class SecondDecisions implements Disposable {
  readonly #folder: DataFolder;
  readonly #policy: PlanPolicy;
  #opened: OpenPlanner | undefined;
  #hasFailed = false;

  constructor(folder: DataFolder, policy: PlanPolicy) {
    this.#folder = folder;
    this.#policy = policy;
  }

  /** Released as it is if it cannot be scored: consent and hours are read again when it is sent. */
  of(held: Notification, now: number): Release {
    if (this.#hasFailed) return {};
    try {
      this.#opened ??= opening(this.#folder, this.#policy, now);
      const decision = this.#opened.planner.decideAgain(held, now);
      return decision === undefined ? {} : releaseOf(decision, this.#policy.preset);
    } catch (error) {
      this.#hasFailed = true;
      warn(`held notifications are not scored again: ${messageOf(error)}`);
      return {};
    }
  }

  [Symbol.dispose](): void {
    this.#opened?.[Symbol.dispose]();
  }
}

async function planAll(folder: DataFolder, policy: PlanPolicy, at: number, flags: PlanFlags): Promise<void> {
  const { seed, limit } = flags;
  const isDry = flags.dryRun === true;
  const last = readLastPlan(folder, policy.campaign);
  const begun = planRun(last, policy, { at, seed, people: 0 });
  if (begun === undefined) {
    if (flags.json === true) printJson({ window: last!.window, isFinished: true, people: 0 });
    else print(`${last!.window} is planned already, for ${thousands(last!.people)} people.`);
    return;
  }
  using opened = opening(folder, policy, begun.at);
  const run = planRun(last, policy, { at, seed, people: opened.reader.count() })!;
  const store = isDry ? undefined : new NotificationStore(folder, busyMs);
  const decisions: Decision[] = [];
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const report = await stoppable(async (signal, progress) =>
      runPlan({
        ...opened,
        store,
        run,
        before: last,
        limit,
        signal,
        onDecisions: (some, { done, people }) => {
          if (isDry) decisions.push(...some);
          const share = people === 0 ? 1 : Math.min(1, done / people);
          progress.report('planning', share, `${thousands(done)} of ${thousands(people)} people, ${timeLeft(seconds(), share)}`); // prettier-ignore
        },
      }),
    );
    if (flags.json === true) printJson({ ...report, seconds: seconds(), ...(isDry && { decisions }) });
    else {
      for (const decision of decisions) print(decisionLine(decision));
      for (const line of reportLines(report, isDry)) print(line);
    }
  } finally {
    store?.close();
  }
}

function opening(folder: DataFolder, policy: PlanPolicy, at: number): OpenPlanner {
  const snapshot = loadActiveSnapshot(folder, (fault) => warn(fault.message));
  return openPlanner({ folder, snapshot, policy, at, onWarning: warn });
}

function explain(folder: DataFolder, policy: PlanPolicy, user: string, at: number, isJson: boolean): void {
  using opened = opening(folder, policy, at);
  const preview = previewPlan(opened.planner, readLastPlan(folder, policy.campaign), user, at);
  if (preview === undefined) throw new UsageError(`${printable(user)} has no channel with consent`);
  if (isJson) printJson(preview);
  else for (const line of previewLines(preview)) print(line);
}

function decisionLine({ user, suppressedBy, time, copy, value, isHeld }: Decision): string {
  const worth = value === undefined ? '' : `  ${value.toFixed(4)}`;
  const when = time === undefined ? '' : `  ${new Date(time).toISOString().slice(0, 16)}Z`;
  const what = suppressedBy ?? `${copy!.title}: ${copy!.text.split('\n')[0]}${isHeld ? ' (held)' : ''}`;
  return printable(`${user}${when}${worth}  ${what}`);
}

function reportLines(report: PlanReport, isDry: boolean): string[] {
  const { window, people, planned, held, heldBack, budget, sentOfWeek, isFinished } = report;
  const rules = Object.entries(heldBack).toSorted(([, a], [, b]) => b - a);
  return [
    `${window}: ${thousands(people)} ${people === 1 ? 'person' : 'people'}, ${thousands(planned)} ${planned === 1 ? 'notification' : 'notifications'} ${isDry ? 'would be ' : ''}planned${held > 0 ? `, of which ${thousands(held)} wait for the end of quiet hours` : ''}; ` +
      `${thousands(sentOfWeek)} of ${thousands(budget)} of the week.`,
    ...rules.map(([rule, count]) => `  ${thousands(count)} ${rule}: ${suppressions[rule as Suppression]}`), // prettier-ignore
    ...(isFinished ? [] : ['Call it again for the others.']),
  ];
}

function previewLines({
  user,
  suppressedBy,
  time,
  copy,
  value,
  threshold,
  pins,
  contributions,
  ...rest
}: PlanPreview): string[] {
  const when = time === undefined ? '' : ` at ${new Date(time).toISOString()} (${rest.hour} o'clock there)`;
  const verdict =
    suppressedBy === undefined
      ? `${user} would be notified by ${rest.channel}${when}: ${copy!.title}`
      : `${user} would not be notified: ${suppressions[suppressedBy]} (${suppressedBy})`;
  const bar =
    threshold === null ? 'the budget of the week is spent' : `the threshold is ${threshold?.toFixed(4)}`;
  return [
    printable(verdict),
    ...(value === undefined ? [] : [`It is worth ${value.toFixed(4)} clicks, and ${bar}.`]),
    ...pins.map(({ pin, source, open }) => printable(`  ${open.toFixed(4)}  ${pin} (${source})`)),
    ...contributions.map(({ feature, logOdds }) => `  ${logOdds.toFixed(3).padStart(7)}  ${feature}`),
  ];
}

/** Milliseconds since 1970 of an ISO 8601 time with a zone. */
function timeOf(text: string): number {
  const parsed = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : NaN;
  if (Number.isNaN(parsed)) throw new InvalidArgumentError('Not a time such as 2026-11-30T06:00Z.');
  return parsed;
}
