import {
  type Attempt,
  type LeverGroup,
  type Params,
  type PipelineSettings,
  coordinateSearch,
  presets,
  resolvePipeline,
  settingsOf,
} from '../../../engine/index.ts';
import { type Confirmation, confirm, isConfirmed } from './confirm.ts';
import { type Need, type TunedPreset, surfaces } from './surfaces.ts';
import { type Ended, type TrialOptions, type TrialQueries, Trials, costOf } from './trials.ts';

/** What tuning found for one preset. */
export interface TunedResult {
  readonly preset: TunedPreset;
  /** `chosen`: the levers in `changes` are better than the default; `default`: nothing was, or not certainly. */
  readonly outcome: 'chosen' | 'default';
  /** All levers that were tuned, with their defaults. */
  readonly levers: Params;
  /** Levers of the best setting that differ from the default, confirmed or not. */
  readonly changes: Params;
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
/** Of the users that chose: those that screen. */
const screeningShare = 1 / 4;
const finalists = 3;
/** Standard errors. Other users confirm the choice, so a stricter margin guards nothing and misses levers (docs/tune.md). */
const margin = 1;
const rounds = 2;
/** A second round runs where the first has changed something: about half of one. */
const roundsExpected = 1.5;
/** Of a preset's work, and of its time, for the confirmation. */
const confirmationShare = 0.3;

interface TunePresetOptions extends Omit<TrialOptions, 'workMax' | 'isOver'> {
  /** Milliseconds, never going back; ends the choice at its share of the time until `deadline`, and the confirmation then. */
  readonly now: () => number;
  readonly deadline: number;
  /** Steps of walks that may be made. */
  readonly work: number;
  /** Of the interval that must be above 0. */
  readonly confidence: number;
  /** What levers may need and have. */
  readonly has: ReadonlySet<Need>;
  /** Levers that are tuned already, as the queries are the same: they are confirmed alone. */
  readonly given?: Params | undefined;
}

/** Whether neither half has users enough. */
export function isTooFew({ nodes }: TrialQueries): boolean {
  return nodes.length < 2 * usersMin;
}

/**
 * Chooses the levers of a preset by {@link coordinateSearch} on half of the users, at most as many as the work allows, and
 * confirms the choice on others: by NDCG, the interval of the paired difference to the default must be above 0, and that
 * of recall not below. The same input gives the same result, unless the clock ends it.
 */
export async function tunePreset(
  preset: TunedPreset,
  queries: TrialQueries,
  { work, confidence, has, given, now, deadline, ...options }: TunePresetOptions,
): Promise<TunedResult> {
  const surface = surfaces[preset];
  const { algorithm, params } = settingsOf(resolvePipeline(presets[preset]));
  const usable = surface.groups.filter(({ needs }) => needs === undefined || has.has(needs));
  const groups = usable.map(({ levers }) => levers);
  const defaults = pick(params, [...new Set(groups.flatMap((group) => Object.keys(group)))]);
  const half = Math.floor(queries.nodes.length / 2);
  const settings = resolvePipeline({ algorithm, params });
  const confirming = Math.floor((work * confirmationShare) / (2 * costOf([settings], queries.queryPins)));
  const confirmed = Math.min(half, Math.max(usersMin, confirming));

  const forChoice = { ...queries, nodes: queries.nodes.subarray(0, half) };
  const workMax = work * (1 - confirmationShare);
  const cheaper = { algorithm, params: { ...params, ...surface.whileChoosing } };
  const choiceEnd = deadline - (deadline - now()) * confirmationShare;
  const trials = new Trials(cheaper, forChoice, { ...options, workMax, isOver: () => now() > choiceEnd });
  const chose = Math.min(half, Math.max(usersMin, usersFor(workMax, cheaper, groups, queries.queryPins)));
  const { best, attempts } =
    given === undefined
      ? await coordinateSearch(groups, defaults, ndcg(trials), {
          users: chose,
          usersFirst: Math.max(Math.ceil(chose * screeningShare), Math.min(chose, usersMin)),
          finalists,
          margin,
          rounds,
        })
      : { best: { ...defaults, ...pick(given, Object.keys(defaults)) }, attempts: [] };
  const changed = Object.keys(best).filter((name) => best[name] !== defaults[name]);
  const changes = pick(best, changed);
  const found = {
    preset,
    levers: defaults,
    changes,
    users: { chose: given === undefined ? chose : 0, confirmed: 0 },
    attempts,
  };
  const nothing = { ...found, outcome: 'default', confirmation: null } as const;
  if (changed.length === 0) return { ...nothing, ended: trials.ended ?? null };

  const others = { ...queries, nodes: queries.nodes.subarray(half, half + confirmed) };
  const last = new Trials({ algorithm, params }, others, {
    ...options,
    workMax: Infinity,
    isOver: () => now() > deadline,
  });
  await last.measure([{}, changes], confirmed);
  const [byDefault, chosen] = last.measured([{}, changes]);
  const users = { chose: found.users.chose, confirmed: byDefault?.ndcg.length ?? 0 };
  const ended = last.ended ?? trials.ended ?? null;
  if (users.confirmed < usersMin) return { ...nothing, users, ended };
  const confirmation = confirm(byDefault!, chosen!, confidence, options.randomSeed);
  return { ...found, outcome: isConfirmed(confirmation) ? 'chosen' : 'default', confirmation, users, ended };
}

/** Users whose search costs this much work, as far as can be known before. */
function usersFor(
  work: number,
  { algorithm, params }: PipelineSettings,
  groups: readonly LeverGroup[],
  queryPins: number,
): number {
  const costOfAll = (some: readonly Params[]): number => {
    const pipelines = some.map((each) => resolvePipeline({ algorithm, params: { ...params, ...each } }));
    return costOf(pipelines, queryPins);
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

function ndcg(trials: Trials): Parameters<typeof coordinateSearch>[2] {
  return async (settings, users) => (await trials.measure(settings, users))?.map((columns) => columns.ndcg);
}

function pick(params: Params, names: readonly string[]): Params {
  return Object.fromEntries(names.flatMap((name) => (name in params ? [[name, params[name]!]] : [])));
}
