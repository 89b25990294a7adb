import { availableParallelism } from 'node:os';
import { z } from 'zod';
import {
  type Report,
  type NamedSettings,
  type SplitInput,
  assertUsers,
  evaluateAll,
  namedSettings,
  namesModel,
  offlineModels,
  readNamedSplits,
  savesFields,
  addSplitFaults,
} from '../offline/evaluate/index.ts';
import {
  type LinearBuildParams,
  type OwnPresets,
  algorithmNames,
  faultsOf,
  nodeCount,
  randomSeedMax,
  settingsNamed,
  unknownName,
} from '../../engine/index.ts';
import { readPresets } from '../../graph-data/index.ts';
import { validate } from '../base/index.ts';
import { linearParamsSchema } from '../contract/index.ts';

/** What to evaluate: the saves and their split, the pipelines, and the options of lists. */
export interface EvaluationInput extends SplitInput {
  /** Names of algorithms and presets (also of `data`), or custom settings. Default: `feed`, `feed-exact`. */
  readonly algorithms?:
    | readonly (string | { readonly [Name in 'name' | 'algorithm' | 'params']: NamedSettings[Name] })[]
    | undefined;
  /** Length of each list, 1 to 1000, default 20. */
  readonly k?: number | undefined;
  /** Number of query pins per user, drawn by the seed. Default: all. */
  readonly queryPins?: number | undefined;
  /** Number of users to evaluate, drawn by the seed. Default: all. */
  readonly users?: number | undefined;
  /** Rank held-out pins among this many sampled pins: can change the winner (docs/evaluation.md). Default: among all. */
  readonly negatives?: number | undefined;
  /** How the item weights of `linear` are computed (docs/linear.md). Default: as by `build --linear`. */
  readonly linear?: Partial<LinearBuildParams> | undefined;
  /** Seed of all random draws, default 1. */
  readonly randomSeed?: number | undefined;
  /** Number of seeds to run, 1 (default) to 100. */
  readonly seeds?: number | undefined;
  /** Bootstrap resamples, and permutations of each test: 100 to 1,000,000, default 2,000. */
  readonly resamples?: number | undefined;
  /** Worker threads. Default: one per core. */
  readonly threads?: number | undefined;
}

interface EvaluateListeners {
  /** Called with the number of finished users of a setting. */
  readonly onProgress?: ((setting: string, done: number, total: number) => void) | undefined;
  /** Called with a message about omitted data. Default: `process.emitWarning`. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const customSettings = z
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

const evaluationInput = z
  .strictObject({
    ...savesFields,
    algorithms: z
      .array(z.union([z.string(), customSettings]))
      .min(1)
      .refine((all) => new Set(all.map(nameOf)).size === all.length, 'contains a duplicate name')
      .prefault(['feed', 'feed-exact']),
    k: z.int().min(1).max(1000).default(20),
    queryPins: z.int().min(1).default(Infinity),
    users: z.int().min(1).optional(),
    negatives: z.int().min(1).optional(),
    linear: linearParamsSchema.optional(),
    randomSeed: z.int().min(0).max(randomSeedMax).default(1),
    seeds: z.int().min(1).max(100).default(1),
    resamples: z.int().min(100).max(1_000_000).default(2_000),
    threads: z.int().min(1).max(256).optional(),
  })
  // Checked also after other faults, to report all faults at once.
  .superRefine(addUnknownNames, { when: ({ value }) => typeof value === 'object' && value !== null })
  .superRefine(addSplitFaults, { when: ({ value }) => typeof value === 'object' && value !== null });

/**
 * Measures how well pipelines find held-out saves: returns the report that `pinwalk evaluate --json` prints
 * (docs/evaluation.md). Evaluates all users with saves in both parts, on worker threads, which takes seconds to minutes.
 * Throws a `Problem` `invalid-request` with all faults of the input, and a `DataError` for unreadable data.
 */
export async function evaluate(
  input: EvaluationInput,
  { onProgress, onWarning = (message) => process.emitWarning(message) }: EvaluateListeners = {},
): Promise<Report> {
  const checked = validate(evaluationInput, input);
  const { users: usersMax, threads = availableParallelism(), randomSeed } = checked;
  using named = await readNamedSplits(checked, randomSeed, onWarning);
  const { splits, names } = named;
  assertUsers(splits);
  const own = presetsOf(checked);
  const algorithms = checked.algorithms.map((each) =>
    typeof each === 'string' ? namedSettings(each, own)! : each,
  );
  const { data } = checked;
  const models =
    data !== undefined && namesModel(algorithms)
      ? offlineModels(data, names, nodeCount(splits[0]!.train.pinToBoard))
      : undefined;
  return await evaluateAll(splits, algorithms, { ...checked, models, usersMax, threads, onProgress });
}

/** The presets of the data folder, if there is one. */
function presetsOf({ data }: { readonly data?: unknown }): OwnPresets {
  return typeof data === 'string' ? readPresets({ root: data }) : new Map();
}

function nameOf(settings: string | NamedSettings): string {
  return typeof settings === 'string' ? settings : settings.name;
}

function addUnknownNames(
  input: { readonly algorithms?: unknown; readonly data?: unknown },
  context: z.RefinementCtx,
): void {
  if (!Array.isArray(input.algorithms)) return;
  const own = presetsOf(input);
  for (const [i, name] of input.algorithms.entries()) {
    if (typeof name !== 'string' || settingsNamed(name, own) !== undefined) continue;
    context.addIssue({ code: 'custom', path: ['algorithms', i], message: unknownName(name, own) });
  }
}
