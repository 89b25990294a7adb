import { type Params, type PipelineSettings, resolvePipeline } from '../../../engine/index.ts';
import { type Confirmation, confirm, isAsGood, isConfirmed } from './confirm.ts';
import { tunedSettings } from './exact-scores.ts';
import { type Ended, type TrialOptions, type TrialQueries, Trials, costOf } from './trials.ts';

/** A setting of the preset: levers that differ from the default, by the walk or by the exact scores that it samples. */
interface Candidate {
  readonly changes: Params;
  readonly isExact: boolean;
}

interface Confirmed {
  /**
   * Of the confirmed candidates, or else of all, the one with the most NDCG, but exact scores before their
   * walk.
   */
  readonly candidate: Candidate;
  readonly outcome: 'chosen' | 'default';
  /** Null when too few users were measured. */
  readonly confirmation: Confirmation | null;
  /** Measured. */
  readonly users: number;
  readonly ended: Ended | undefined;
}

interface ConfirmOptions extends Omit<TrialOptions, 'workMax' | 'settingsFor'> {
  /** Of all intervals together: 1 less the chance that one candidate is called better and is not. */
  readonly confidence: number;
  /** Steps of walks that may be made, beyond those for `usersMin` users. */
  readonly work: number;
  readonly usersMin: number;
}

/**
 * The candidates to confirm: the walk with the levers that were found, if any; and, where exact scores may
 * replace it, exact scores with the same levers and with the default ones. The walk stays a candidate, as exact
 * scores may rank worse than their sample.
 */
export function candidatesOf(changes: Params, isExactOffered: boolean): readonly Candidate[] {
  const found = Object.keys(changes).length === 0 ? [] : [changes];
  return [
    ...found.map((each) => ({ changes: each, isExact: false })),
    ...(isExactOffered ? [...found, {}].map((each) => ({ changes: each, isExact: true })) : []),
  ];
}

/**
 * Compares candidates with the default on users that had no part in choosing them: as many as the work allows,
 * at least `usersMin` of them. Each candidate has an equal share of the chance of a wrong choice (Bonferroni).
 * If no candidate is better, exact scores with the default levers are chosen where they are as good ({@link
 * isAsGood}).
 */
export async function confirmBest(
  full: PipelineSettings,
  candidates: readonly Candidate[],
  queries: TrialQueries,
  { confidence, work, usersMin, ...options }: ConfirmOptions,
): Promise<Confirmed> {
  // The default first: a candidate that ranks the same walk otherwise then shares it.
  const settings = [{}, ...candidates.map(({ changes, isExact }) => ({ ...changes, isExact }))];
  const settingsFor = ({ isExact, ...levers }: Params): PipelineSettings =>
    tunedSettings(full, levers, isExact === true);
  const pipelines = settings.map((each) => resolvePipeline(settingsFor(each)));
  const affordable = Math.floor(work / costOf(pipelines, queries.queryPins, options.exactCost));
  const trials = new Trials(queries, { ...options, settingsFor, workMax: Infinity });
  await trials.measure(settings, Math.max(usersMin, affordable));
  const [byDefault, ...compared] = trials.measured(settings);
  const users = byDefault?.ndcg.length ?? 0;
  const measured = { users, ended: trials.ended };
  if (users < usersMin) {
    return { ...measured, candidate: candidates[0]!, outcome: 'default', confirmation: null };
  }
  const level = 1 - (1 - confidence) / candidates.length;
  const confirmations = compared.map((each) => confirm(byDefault!, each, level, options.randomSeed));
  const places = [...confirmations.keys()].toSorted(
    (a, b) => confirmations[b]!.ndcg.chosen - confirmations[a]!.ndcg.chosen,
  );
  const confirmed = places.filter((each) => isConfirmed(confirmations[each]!));
  // A walk gives way to the exact scores of the same levers: they cost no more, and no chance changes them.
  const better = confirmed.find((each) => {
    const { changes, isExact } = candidates[each]!;
    const twin = candidates.findIndex((other) => other.isExact && other.changes === changes);
    return isExact || !confirmed.includes(twin);
  });
  // Requested exact scores that cost no more only have to lose nothing.
  const plain = candidates.findIndex(({ changes, isExact }) => isExact && Object.keys(changes).length === 0);
  const place = better ?? (plain !== -1 && isAsGood(confirmations[plain]!) ? plain : undefined);
  const shown = place ?? places[0]!;
  const outcome = place === undefined ? 'default' : 'chosen';
  return { ...measured, candidate: candidates[shown]!, outcome, confirmation: confirmations[shown]! };
}
