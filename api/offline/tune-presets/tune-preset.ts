import {
  type Attempt,
  type LeverGroup,
  type Measure,
  type Params,
  type PipelineSettings,
  changeSettings,
  doublingSearch,
  presets,
  resolvePipeline,
  settingsOf,
} from '../../../engine/index.ts';
import type { Confirmation } from './confirm.ts';
import { candidatesOf, confirmBest } from './confirm-best.ts';
import { exactCostOf, tunedSettings } from './exact-scores.ts';
import { type Need, type TunedPreset, groupsOf, surfaces } from './surfaces.ts';
import { type Ended, type TrialOptions, type TrialQueries, Trials, costOf } from './trials.ts';

/** What tuning found for one preset. */
export interface TunedResult {
  readonly preset: TunedPreset;
  /** `chosen`: the levers in `changes` are better than the default; `default`: nothing was, or not certainly. */
  readonly outcome: 'chosen' | 'default';
  /** All levers that were tuned, with their defaults. */
  readonly levers: Params;
  /** Levers of the chosen settings, or else of the best candidate, where they differ from the default. */
  readonly changes: Params;
  /** Whether these are the exact scores that the walk of the preset samples, in its place. */
  readonly isExact: boolean;
  /** Users, or boards, that chose, and others that confirmed. */
  readonly users: { readonly chose: number; readonly confirmed: number };
  readonly attempts: readonly Attempt[];
  /** Null when nothing was to confirm, or the time was over. */
  readonly confirmation: Confirmation | null;
  /** Whether the planned work or the clock ended it before all was tried. */
  readonly ended: Ended | null;
}

/** Fewer users on one side say nothing. */
const usersMin = 100;
/** The screening users among those that choose. */
const screeningShare = 1 / 4;
const finalists = 3;
/** Standard errors. Other users confirm the choice, so a stricter margin guards nothing and misses levers (docs/tune.md). */
const margin = 1;
const rounds = 2;
/** A second round runs where the first has changed something: about half of one. */
const roundsExpected = 1.5;
/** Of a preset's work, and of its time, for the confirmation; which also gets the work that the choice leaves. */
const confirmationShare = 0.3;

interface TunePresetOptions extends Omit<
  TrialOptions,
  'workMax' | 'isOver' | 'settingsFor' | 'exactCost' | 'servedAs'
> {
  /** Milliseconds, never going back; ends the choice at its share of the time until `deadline`, and the confirmation then. */
  readonly now: () => number;
  readonly deadline: number;
  /** Steps of walks that may be made. */
  readonly work: number;
  /** Of the interval that must be above 0: 1 less the chance of a wrong choice. */
  readonly confidence: number;
  /** Whether exact scores may take the place of the walk, where they cost no more. */
  readonly exact: boolean;
  /** What levers may need and have. */
  readonly has: ReadonlySet<Need>;
  /** Labels of active models; with `models`. */
  readonly labels: readonly string[];
  /** Levers that are tuned already, as the queries are the same: they are confirmed alone. */
  readonly given?: Params | undefined;
}

/** Whether neither half has users enough. */
export function isTooFew({ nodes }: TrialQueries): boolean {
  return nodes.length < 2 * usersMin;
}

/**
 * Chooses the levers of a preset by {@link doublingSearch} on half of the users, at most as many as the work
 * allows, and confirms the choice on others: the interval of the paired difference in NDCG to the default must
 * be above 0, and that of recall not below. Where exact scores cost no more than the walk that samples them,
 * they make the choice: without sampling noise, fewer users distinguish two settings. The same input gives the
 * same result, unless the clock ends it.
 */
export async function tunePreset(
  preset: TunedPreset,
  queries: TrialQueries,
  { work, confidence, has, labels, given, exact, now, deadline, ...ofLists }: TunePresetOptions,
): Promise<TunedResult> {
  const options = { ...ofLists, servedAs: preset };
  const full = settingsOf(resolvePipeline(presets[preset]));
  const groups = groupsOf(preset, has, labels);
  const defaults = pick(full.params, [...new Set(groups.flatMap((group) => Object.keys(group)))]);
  const half = Math.floor(queries.nodes.length / 2);
  const exactCost = await exactCostOf(full, queries, options);
  const costs = { exactCost: exactCost ?? Infinity, queryPins: queries.queryPins };

  const cheaper = changeSettings(full, surfaces[preset].whileChoosing);
  const settingsFor = (changes: Params): PipelineSettings =>
    tunedSettings(cheaper, changes, exactCost !== undefined);
  const workMax = work * (1 - confirmationShare);
  const planned = Math.min(half, Math.max(usersMin, usersFor(workMax, settingsFor, groups, costs)));
  const choiceEnd = deadline - (deadline - now()) * confirmationShare;
  const forChoice = { ...queries, nodes: queries.nodes.subarray(0, half) };
  const isOver = (): boolean => now() > choiceEnd;
  const trials = new Trials(forChoice, { ...options, ...costs, settingsFor, workMax, isOver });
  const { best, attempts, users, isComplete } =
    given === undefined
      ? await doublingSearch(groups, defaults, ndcg(trials), {
          users: planned,
          usersMax: half,
          usersFirst: Math.max(Math.ceil(planned * screeningShare), Math.min(planned, usersMin)),
          finalists,
          margin,
          rounds,
          workLeft: () => (trials.ended === undefined ? trials.workLeft : 0),
        })
      : {
          best: { ...defaults, ...pick(given, Object.keys(defaults)) },
          attempts: [],
          users: 0,
          isComplete: true,
        };
  const changed = Object.keys(best).filter((name) => best[name] !== defaults[name]);
  const found = {
    preset,
    levers: defaults,
    changes: pick(best, changed),
    isExact: false,
    users: { chose: users, confirmed: 0 },
    attempts,
  };
  const candidates = candidatesOf(found.changes, exact && exactCost !== undefined);
  // Passes of more users end with the work: all values were tried before.
  const ended = isComplete && trials.ended === 'work' ? null : (trials.ended ?? null);
  if (candidates.length === 0) return { ...found, outcome: 'default', confirmation: null, ended };
  const last = await confirmBest(
    full,
    candidates,
    { ...queries, nodes: queries.nodes.subarray(half) },
    {
      ...options,
      ...costs,
      confidence,
      work: work * confirmationShare + trials.workLeft,
      usersMin,
      isOver: () => now() > deadline,
    },
  );
  return {
    ...found,
    ...last.candidate,
    users: { chose: users, confirmed: last.users },
    outcome: last.outcome,
    confirmation: last.confirmation,
    ended: last.ended ?? ended,
  };
}

/** Users whose search costs this much work, as far as can be known before: more than it comes to, as few values are promising. */
function usersFor(
  work: number,
  settingsFor: (changes: Params) => PipelineSettings,
  groups: readonly LeverGroup[],
  { queryPins, exactCost }: { readonly queryPins: number; readonly exactCost: number },
): number {
  const costOfAll = (some: readonly Params[]): number => {
    const pipelines = some.map((each) => resolvePipeline(settingsFor(each)));
    return costOf(pipelines, queryPins, exactCost);
  };
  const perUser = groups.map((group) => {
    const all = Object.entries(group).reduce<Params[]>(
      (combined, [name, values]) =>
        combined.flatMap((each) => values.map((value) => Object.assign({}, each, { [name]: value }))),
      [{}],
    );
    return costOfAll(all) * screeningShare + costOfAll(all.slice(0, finalists));
  });
  return Math.floor(work / (roundsExpected * perUser.reduce((sum, each) => sum + each, 0)));
}

function ndcg(trials: Trials): Measure {
  return async (settings, users) => (await trials.measure(settings, users))?.map((columns) => columns.ndcg);
}

function pick(params: Params, names: readonly string[]): Params {
  return Object.fromEntries(names.flatMap((name) => (name in params ? [[name, params[name]!]] : [])));
}
