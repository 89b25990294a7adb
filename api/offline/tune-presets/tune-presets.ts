import {
  type LinearBuildParams,
  type SplitOfUsers,
  type TimedSaves,
  randomStream,
  splitLatestOfUsers,
} from '../../../engine/index.ts';
import { DataError, stoppedError } from '../../../graph-data/index.ts';
import { EvaluationPool, type OfflineModels, evaluatedBoards, sample } from '../evaluate/index.ts';
import { type Need, type TunedPreset, surfaces } from './surfaces.ts';
import { type TunedResult, isTooFew, tunePreset } from './tune-preset.ts';
import { type TrialQueries, k } from './trials.ts';

/** Everything that {@link tunePresets} found: the evidence for its presets. */
export interface TuneReport {
  readonly k: number;
  readonly metric: 'ndcg';
  readonly randomSeed: number;
  /** The budget. */
  readonly seconds: number;
  /** The held-out saves: the latest tenth of each user's, or a random tenth if saves have no times. */
  readonly heldOut: 'latest' | 'random';
  readonly share: number;
  readonly results: readonly TunedResult[];
  /** Presets that have too few queries with something held out. */
  readonly tooFew: readonly TunedPreset[];
}

interface TuneOptions {
  /** Which presets. Default: all. */
  readonly presets?: readonly TunedPreset[] | undefined;
  /** Plans the work, and ends it where that takes longer. */
  readonly seconds: number;
  readonly randomSeed: number;
  readonly threads: number;
  /**
   * How the snapshot's item weights were computed, if it has any: the weights of the train part are computed in
   * the same way, in addition to the budget.
   */
  readonly linear?: LinearBuildParams | undefined;
  /** Active models of these labels are tried as levers. Default: none. */
  readonly models?: (OfflineModels & { readonly labels: readonly string[] }) | undefined;
  /**
   * Whether exact scores may replace the walks of `feed` and `ideas` that sample them, where they cost no more.
   * Default: false, since requests for boards and users, and requests that set parameters of walks, need walks.
   */
  readonly exact?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly onProgress?: ((preset: TunedPreset, share: number) => void) | undefined;
}

const tunedPresets = Object.keys(surfaces) as readonly TunedPreset[];

/** Of every user's saves. */
const heldOutShare = 0.1;
/**
 * Steps of walks planned for a second of the budget: about what two cores make. A constant, so that the same plan runs
 * on every machine.
 */
const stepsPerSecond = 3e7;
/** Of all presets together: a chance of at most 5 % that one is called better and is not. */
const errorRate = 0.05;

/**
 * Tunes presets on saves held out of these: {@link tunePreset} for each. The work is planned by the budget and
 * counted, so the same saves, seed and budget give the same report on every machine that is fast enough; where
 * the clock ends it early, the report says so. Throws `split-unusable` when no preset has enough users, and
 * `stopped`.
 */
export async function tunePresets(saves: TimedSaves, options: TuneOptions): Promise<TuneReport> {
  const {
    presets = tunedPresets,
    seconds,
    randomSeed,
    threads,
    linear,
    models,
    exact = false,
    signal,
    now,
    onProgress,
  } = options;
  const split = splitLatestOfUsers(saves, heldOutShare, randomSeed);
  const hasTimes = saves.savedAt.some((time) => !Number.isNaN(time));
  const hasAllTimes = saves.savedAt.every((time) => !Number.isNaN(time));
  const queriesOf = new Map(presets.map((preset) => [preset, queriesFor(preset, split, randomSeed)]));
  const tooFew = presets.filter((preset) => isTooFew(queriesOf.get(preset)!));
  if (tooFew.length === presets.length) throw tooFewUsers();
  const has = new Set<Need>([
    ...(hasTimes ? (['times'] as const) : []),
    ...(linear === undefined ? [] : (['weights'] as const)),
  ]);
  const began = now();
  let shares = 0;
  const pool = new EvaluationPool(threads, linear);
  const stop = (): void => void pool.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const results: TunedResult[] = [];
    for (const preset of presets) {
      if (tooFew.includes(preset)) continue;
      const work = seconds * stepsPerSecond * surfaces[preset].workShare;
      shares += surfaces[preset].workShare;
      let done = 0;
      const onWork = (steps: number): void => onProgress?.(preset, Math.min((done += steps) / work, 1));
      const result = await tunePreset(preset, queriesOf.get(preset)!, {
        work,
        confidence: 1 - errorRate / presets.length,
        has,
        // Without times, nobody knows which interactions came before the held-out saves.
        labels: hasAllTimes ? (models?.labels ?? []) : [],
        models,
        exact,
        given: preset === 'ideas' && areUsersBoards(saves) ? changesOf('feed', results) : undefined,
        randomSeed,
        threads,
        pool,
        now,
        deadline: began + 1_000 * seconds * shares,
        onWork,
      });
      results.push(result);
    }
    const heldOut = hasTimes ? 'latest' : 'random';
    return { k, metric: 'ndcg', randomSeed, seconds, heldOut, share: heldOutShare, results, tooFew };
  } catch (error) {
    throw signal?.aborted === true ? stoppedError(error) : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
  }
}

/** The queries of a preset in a random order: all with something known and something held out. */
function queriesFor(preset: TunedPreset, { boards, users }: SplitOfUsers, randomSeed: number): TrialQueries {
  const { queries, queryPins } = surfaces[preset];
  const rows = queries === 'users' ? users : boards;
  const [nodes] = evaluatedBoards([rows], { randomSeed });
  const shuffled = sample(Array.from(nodes!), nodes!.length, randomStream(randomSeed));
  return {
    split: {
      train: boards.train,
      heldOut: rows.heldOut,
      savedAt: rows.savedAt,
      heldOutFrom: rows.heldOutFrom,
    },
    known: rows.train.boardToPin,
    areUsers: queries === 'users',
    queryPins,
    nodes: Int32Array.from(shuffled),
  };
}

/** Whether every user has one board: a board is then queried as its user is, but for the age of saves. */
function areUsersBoards({ boards, boardToUser, userCount }: TimedSaves): boolean {
  const boardOf = new Int32Array(userCount).fill(-1);
  return boards.every((board) => {
    const user = boardToUser[board]!;
    const isFirst = boardOf[user] === -1 || boardOf[user] === board;
    boardOf[user] = board;
    return isFirst;
  });
}

function changesOf(preset: TunedPreset, results: readonly TunedResult[]): TunedResult['changes'] | undefined {
  return results.find((each) => each.preset === preset)?.changes;
}

function tooFewUsers(): DataError {
  return new DataError(
    'split-unusable',
    'too few users to tune on: a tenth of the saves is held out, and 200 users or boards need some of theirs in both parts; ' +
      'import more saves, or choose levers by pinwalk sweep',
  );
}
