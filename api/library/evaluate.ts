import { availableParallelism } from 'node:os';
import { z } from 'zod';
import {
  type Report,
  type NamedSettings,
  type SplitInput,
  assertUsers,
  evaluateAll,
  namedSettings,
  readSplits,
  savesFields,
  addSplitFaults,
} from '../offline/evaluate/index.ts';
import {
  type OwnPresets,
  algorithmNames,
  faultsOf,
  randomSeedMax,
  settingsNamed,
  unknownName,
} from '../../engine/index.ts';
import { readPresets } from '../../graph-data/index.ts';
import { validate } from '../base/index.ts';

/** What to measure and on what, as people write it: the saves and their split, the pipelines, and how lists are made. */
export interface EvaluationInput extends SplitInput {
  /** Names of algorithms and presets (of `data` too), or settings of one's own. Default: `feed`, `feed-exact`. */
  readonly algorithms?:
    | readonly (string | { readonly [Name in keyof NamedSettings]: NamedSettings[Name] })[]
    | undefined;
  /** Length of each list, 1 to 1000, default 20. */
  readonly k?: number | undefined;
  /** Ask with so many pins of each user, drawn by the seed. Default: all. */
  readonly queryPins?: number | undefined;
  /** Ask for so many users only, drawn by the seed. Default: all. */
  readonly users?: number | undefined;
  /** Rank among so many sampled pins: can change the winner (docs/evaluation.md). Default: all are ranked. */
  readonly negatives?: number | undefined;
  /** Seed of all that is drawn, default 1. */
  readonly randomSeed?: number | undefined;
  /** Ask with so many seeds, 1 (default) to 100. */
  readonly seeds?: number | undefined;
  /** Of the bootstrap, and tosses of the tests: 100 to 1,000,000, default 2,000. */
  readonly resamples?: number | undefined;
  /** Threads, default: one a core. */
  readonly threads?: number | undefined;
}

interface EvaluateListeners {
  /** Hears how many users of a setting are done. */
  readonly onProgress?: ((setting: string, done: number, total: number) => void) | undefined;
  /** Hears what was left out. Default: a warning of the process. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const ownSettingSchema = z
  .strictObject({
    name: z.string().min(1),
    algorithm: z.enum(algorithmNames),
    params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  })
  .superRefine((settings, context) => {
    for (const { name, message } of faultsOf(settings)) {
      context.addIssue({ code: 'custom', path: ['params', name], message });
    }
  });

const evaluationQuestion = z
  .strictObject({
    ...savesFields,
    algorithms: z
      .array(z.union([z.string(), ownSettingSchema]))
      .min(1)
      .refine((all) => new Set(all.map(nameOf)).size === all.length, 'has a name twice')
      .prefault(['feed', 'feed-exact']),
    k: z.int().min(1).max(1000).default(20),
    queryPins: z.int().min(1).default(Infinity),
    users: z.int().min(1).optional(),
    negatives: z.int().min(1).optional(),
    randomSeed: z.int().min(0).max(randomSeedMax).default(1),
    seeds: z.int().min(1).max(100).default(1),
    resamples: z.int().min(100).max(1_000_000).default(2_000),
    threads: z.int().min(1).max(256).optional(),
  })
  // Also when something else is wrong: every fault is reported at once.
  .superRefine(tellUnknownNames, { when: ({ value }) => typeof value === 'object' && value !== null })
  .superRefine(addSplitFaults, { when: ({ value }) => typeof value === 'object' && value !== null });

/**
 * Measures how well algorithms find held-out saves, as `pinwalk evaluate` does and with its figures (docs/evaluation.md):
 * what comes back is what that prints with `--json`. Asks every user with saves in both parts, on worker threads; seconds
 * to minutes. Throws a `Problem` `invalid-request` with every fault of the question, and `DataError` for what cannot be read.
 */
export async function evaluate(
  question: EvaluationInput,
  { onProgress, onWarning = (message) => process.emitWarning(message) }: EvaluateListeners = {},
): Promise<Report> {
  const checked = validate(evaluationQuestion, question);
  const { users: usersMax, threads = availableParallelism(), randomSeed } = checked;
  const splits = await readSplits(checked, randomSeed, onWarning);
  assertUsers(splits);
  const own = presetsOf(checked);
  const algorithms = checked.algorithms.map((each) =>
    typeof each === 'string' ? namedSettings(each, own)! : each,
  );
  return evaluateAll(splits, algorithms, { ...checked, usersMax, threads, onProgress });
}

/** A data folder brings its own presets along. */
function presetsOf({ data }: { readonly data?: unknown }): OwnPresets {
  return typeof data === 'string' ? readPresets({ root: data }) : new Map();
}

function nameOf(settings: string | NamedSettings): string {
  return typeof settings === 'string' ? settings : settings.name;
}

function tellUnknownNames(
  question: { readonly algorithms?: unknown; readonly data?: unknown },
  context: z.RefinementCtx,
): void {
  if (!Array.isArray(question.algorithms)) return;
  const own = presetsOf(question);
  for (const [i, name] of question.algorithms.entries()) {
    if (typeof name !== 'string' || settingsNamed(name, own) !== undefined) continue;
    context.addIssue({ code: 'custom', path: ['algorithms', i], message: unknownName(name, own) });
  }
}
