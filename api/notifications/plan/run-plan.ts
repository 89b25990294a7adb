import { setImmediate } from 'node:timers/promises';
import { VolumeControl } from '../../../engine/notify/index.ts';
import {
  DataError,
  type NotificationStore,
  type PlanReader,
  type PlanRun,
  type Suppression,
  dayMs,
  dayOf,
  stoppedError,
} from '../../../graph-data/index.ts';
import { unitOf } from '../../base/index.ts';
import { type Decision, proposalOf } from './decision.ts';
import type { Planner } from './planner.ts';

/** People of one transaction. */
const batch = 100;
/** Days that decisions against sending are kept. */
const heldBackDays = 7;
const droppedAtOnce = 5_000;
const weekDays = 7;

interface RunPlanOptions {
  readonly planner: Planner;
  readonly reader: PlanReader;
  /** Without one, nothing is written. */
  readonly store: NotificationStore | undefined;
  readonly run: PlanRun;
  /** The last stored run, which {@link run} follows. */
  readonly before: PlanRun | undefined;
  /** Maximum number of people to decide for; the next call continues with the rest. Default: all. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with each batch of decisions, once it is durable. */
  readonly onDecisions?: ((decisions: readonly Decision[], run: PlanRun) => void) | undefined;
}

/** The result of a plan, in this process. */
export interface PlanReport {
  readonly window: string;
  readonly at: number;
  readonly isFinished: boolean;
  /** People who were decided for. */
  readonly people: number;
  readonly planned: number;
  /** Of these: they wait for the end of quiet hours, and are scored again then. */
  readonly held: number;
  readonly heldBack: Partial<Record<Suppression, number>>;
  /** Of the budget's week so far. */
  readonly budget: number;
  readonly sentOfWeek: number;
  readonly threshold: number | null;
}

/**
 * The plan of a window (a day, UTC) that continues or begins at a time. Undefined if it is finished. Throws
 * `plan-behind` for a time before the last plan's, for example after a clock ran ahead.
 */
export function planRun(
  last: PlanRun | undefined,
  { campaign, perWeek, holdout }: Planner['policy'],
  given: { readonly at: number; readonly seed: number; readonly people: number },
): PlanRun | undefined {
  const { at, seed, people } = given;
  const window = new Date(at).toISOString().slice(0, 10);
  if (last?.window === window) return last.isFinished ? undefined : last;
  if (last !== undefined && at < last.at) {
    const [then, now] = [last.at, at].map((time) => new Date(time).toISOString());
    throw new DataError('plan-behind', `the last plan of ${campaign} is of ${then}, and this one would be of ${now}: wait until then, or check the clock`); // prettier-ignore
  }
  const firstDay = last?.firstDay ?? dayOf(at);
  const week = weekOf(dayOf(at) - firstDay);
  const isSameWeek = last !== undefined && weekOf(dayOf(last.at) - firstDay) === week;
  const budget = Math.round(perWeek * people * (1 - holdout));
  const volume = isSameWeek
    ? VolumeControl.at(last.volume)
    : new VolumeControl(budget, last && VolumeControl.at(last.volume).state);
  volume.startDay(((dayOf(at) - firstDay) % weekDays) / weekDays);
  // A different starting place every day: the first people meet a threshold that has learned less.
  const start = Buffer.alloc(6);
  start.writeUIntBE(Math.floor(unitOf(`start ${seed} ${window}`, campaign) * 2 ** 48), 0, 6);
  return {
    campaign,
    window,
    at,
    seed,
    firstDay,
    people,
    done: 0,
    start: start.toString('base64url'),
    position: undefined,
    isFinished: false,
    holdout,
    volume: volume.mark,
  };
}

function weekOf(days: number): number {
  return Math.floor(days / weekDays);
}

/**
 * Plans for the remaining people of a run. Each transaction stores {@link batch} people and the position: after
 * a kill, the plan resumes there with the same decisions, and each person is decided for once in a window.
 * Rejects with `stopped` after an abort; stored decisions stay. O(people).
 */
export async function runPlan(options: RunPlanOptions): Promise<PlanReport> {
  const { planner, reader, store, signal, onDecisions, limit = Infinity } = options;
  let { run, before } = options;
  const { policy } = planner;
  const volume = VolumeControl.at(run.volume);
  const { budget } = run.volume;
  const dayOfWeek = (dayOf(run.at) - run.firstDay) % weekDays;
  const eligible = Math.max(1, run.people * (1 - policy.holdout));
  const sendShare = Math.min(1, budget / (weekDays * eligible));
  const heldBack: Partial<Record<Suppression, number>> = {};
  let [people, planned, held] = [0, 0, 0];
  const count = ({ suppressedBy, isHeld }: Decision): void => {
    people++;
    if (suppressedBy !== undefined) heldBack[suppressedBy] = (heldBack[suppressedBy] ?? 0) + 1;
    else planned++;
    if (isHeld) held++;
  };
  if (store !== undefined && run.done === 0) dropOld(store, policy.campaign, run.at);
  const until = run.done + limit;
  while (!run.isFinished && run.done < until) {
    const size = Math.min(batch, until - run.done);
    const next = reader.people(run.start, run.position, size);
    let { reached = 1 } = run;
    const decisions = next.flatMap(({ user }, i) => {
      const share = Math.min(1, (run.done + i) / Math.max(1, run.people));
      const progress = (dayOfWeek + share) / weekDays;
      const { at, seed, window } = run;
      const decision = planner.decide(user, { at, seed, window, progress, sendShare, volume, reached });
      reached = reachedBy(decision) ?? reached;
      return decision ?? [];
    });
    const moved: PlanRun = {
      ...run,
      done: run.done + next.length,
      position: next.at(-1)?.channelId ?? run.position,
      isFinished: next.length < size,
      volume: volume.mark,
      reached,
    };
    if (store !== undefined) {
      const proposals = decisions.map((each) => proposalOf(each, policy, run.window, run.at));
      if (store.advancePlan(before, moved, proposals) === undefined) {
        throw new DataError('plan-running', `another process plans ${policy.campaign} too: let one of them end`); // prettier-ignore
      }
    }
    run = moved;
    before = moved;
    for (const decision of decisions) count(decision);
    onDecisions?.(decisions, run);
    await setImmediate();
    if (signal?.aborted === true) throw stoppedError();
  }
  const { window, at, isFinished } = run;
  const { sent, threshold } = volume.mark;
  return { window, at, isFinished, people, planned, held, heldBack, budget, sentOfWeek: sent, threshold };
}

/** The value of a decision as a share of its upper bound; undefined if that is not known. */
function reachedBy(decision: Decision | undefined): number | undefined {
  const { value, valueMax = 0, suppressedBy } = decision ?? {};
  if (suppressedBy === 'nothing-new') return 0;
  return value === undefined || valueMax <= 0 ? undefined : Math.max(0, value / valueMax);
}

function dropOld(store: NotificationStore, campaign: string, at: number): void {
  const before = at - heldBackDays * dayMs;
  while (store.dropHeldBack(campaign, before, droppedAtOnce) === droppedAtOnce);
}
