import path from 'node:path';
import { z } from 'zod';
import {
  type AccuracyMetric,
  type OwnPresets,
  type SearchSpace,
  accuracyMetrics,
  gridSize,
  randomSeedMax,
  unknownName,
} from '../../../engine/index.ts';
import {
  type FieldFault,
  type SplitInput,
  type SplitWay,
  type NamedSettings,
  namedSettings,
  savesFields,
  splitFaults,
  wayFaults,
} from '../evaluate/index.ts';
import { type PlacedFault, readSpace } from './read-space.ts';
import { type SearchMethod, clashesOf, settingsToTry } from './sweep-settings.ts';

/** A sweep: what is read, what is tried, what decides. */
export interface SweepDefinition {
  readonly saves: SplitInput;
  readonly validation: SplitInput;
  readonly search: SearchMethod;
  readonly space: readonly SearchSpace[];
  /** What the chosen setting is compared with on the test part. */
  readonly baseline: NamedSettings;
  readonly metric: AccuracyMetric;
  readonly k: number;
  readonly queryPins: number;
  /** Users of the validation part to choose by; undefined for all. */
  readonly users?: number | undefined;
  /** Users of the test part to report on; undefined for all. */
  readonly testUsers?: number | undefined;
  readonly randomSeed: number;
  readonly resamples: number;
  /** Milliseconds a query that a setting may take at most. */
  readonly limits: { readonly p50Ms?: number | undefined; readonly p99Ms?: number | undefined };
}

/** Most trials of one sweep. */
const trialsMax = 10_000;

const testWays: SplitWay[] = ['test', 'holdOut', 'holdOutAfter', 'holdOutLatest', 'leaveLastOut'];
const validationWays: SplitWay[] = ['holdOut', 'holdOutAfter', 'holdOutLatest', 'leaveLastOut', 'folds'];

const { folds, test, ...fieldsOfBoth } = savesFields;
const { holdOut, holdOutAfter, holdOutLatest, leaveLastOut } = fieldsOfBoth;
const trials = z.int().min(1).max(trialsMax);
const milliseconds = z.number().positive().optional();

/** What the fields have to be, by their place in the file: the words of the faults. */
const sweepFields: Readonly<Record<string, string>> = {
  saves: 'what to read: train (a file) or data (a data folder), and one way to split the test part off',
  'saves.data': 'the path of a data folder',
  'saves.train': 'the path of a file of saves',
  'saves.columns': 'a list of column names',
  'saves.minWeight': 'a number from 0 on',
  'saves.test': 'the path of a file of saves',
  'saves.holdOut': 'a number between 0 and 1',
  'saves.holdOutAfter': 'a date (2018-01-01) or a Unix time',
  'saves.holdOutLatest': 'a number between 0 and 1',
  'saves.leaveLastOut': 'true',
  validation: 'one way to split the validation part off what is left, as in holdOut: 0.1',
  'validation.holdOut': 'a number between 0 and 1',
  'validation.holdOutAfter': 'a date (2018-01-01) or a Unix time',
  'validation.holdOutLatest': 'a number between 0 and 1',
  'validation.leaveLastOut': 'true',
  'validation.folds': 'a whole number from 2 to 100',
  search: 'how to search: method, and what it needs',
  'search.method': 'grid, random or halving',
  'search.trials': `a whole number from 1 to ${trialsMax}`,
  'search.eta': 'a whole number from 2 to 10',
  'search.usersMin': 'a whole number from 1 on',
  space: 'a list of algorithms with their params',
  'space.*': 'an algorithm with its params',
  'space.*.algorithm': 'the name of an algorithm or a preset',
  'space.*.params': 'parameters by name',
  baseline: 'the name of an algorithm or a preset',
  metric: `one of ${accuracyMetrics.join(', ')}`,
  k: 'a whole number from 1 to 1000',
  queryPins: 'a whole number from 1 on',
  users: 'a whole number from 1 on',
  testUsers: 'a whole number from 1 on',
  randomSeed: `a whole number from 0 to ${randomSeedMax}`,
  resamples: 'a whole number from 100 to 1000000',
  limits: 'p50Ms, p99Ms or both',
  'limits.p50Ms': 'a number above 0, in milliseconds',
  'limits.p99Ms': 'a number above 0, in milliseconds',
};

const fileSchema = z.strictObject({
  saves: z.strictObject({ ...fieldsOfBoth, test }),
  validation: z.strictObject({ holdOut, holdOutAfter, holdOutLatest, leaveLastOut, folds }),
  search: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('grid') }),
    z.strictObject({ method: z.literal('random'), trials }),
    z.strictObject({
      method: z.literal('halving'),
      trials,
      eta: z.int().min(2).max(10).default(3),
      usersMin: z.int().min(1).default(100),
    }),
  ]),
  space: z
    .array(z.strictObject({ algorithm: z.string(), params: z.record(z.string(), z.unknown()).default({}) }))
    .min(1),
  baseline: z.string().default('feed'),
  metric: z.enum(accuracyMetrics).default('ndcg'),
  k: z.int().min(1).max(1000).default(20),
  queryPins: z.int().min(1).default(Infinity),
  users: z.int().min(1).optional(),
  testUsers: z.int().min(1).optional(),
  randomSeed: z.int().min(0).max(randomSeedMax).default(1),
  resamples: z.int().min(100).max(1_000_000).default(2_000),
  limits: z.strictObject({ p50Ms: milliseconds, p99Ms: milliseconds }).default({}),
});

/** The presets of a data folder; without one named, those of the default folder. */
export type PresetsOf = (dataFolder: string | undefined) => OwnPresets;

/** The sweep that a value, read from a file in `folder`, describes; or every fault of it, each with its place. */
export function checkSweep(
  value: unknown,
  folder: string,
  presetsOf: PresetsOf,
): { readonly question?: SweepDefinition; readonly faults: readonly PlacedFault[] } {
  const parsed = fileSchema.safeParse(value, { error: inOurWords });
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(placed);
  // Checked whatever else is wrong, so that every fault is reported at once.
  const { saves, validation, search, space, baseline } = (isObject(value) ? value : {}) as Record<
    string,
    unknown
  >;
  const read = isObject(saves) ? inFolder(saves, folder) : {};
  if (isObject(saves)) faults.push(...at('saves', splitFaults(read, testWays)));
  if (isObject(validation)) faults.push(...at('validation', wayFaults(validation, validationWays)));
  const own = presetsOf(typeof read.data === 'string' ? read.data : undefined);
  const isGrid = isObject(search) && search['method'] === 'grid';
  const spaces = (Array.isArray(space) ? space : []).map((entry: unknown, i) => {
    const { space: found, faults: wrong } = readSpace(entry, isGrid, ['space', i], own);
    faults.push(...wrong);
    return found;
  });
  const compared = namedSettings(typeof baseline === 'string' ? baseline : 'feed', own);
  if (compared === undefined)
    faults.push({ path: ['baseline'], message: unknownName(String(baseline), own) });
  const found = spaces.filter((each) => each !== undefined);
  const size = isGrid ? gridSize(found) : 0;
  if (size > trialsMax && size < Infinity) {
    const message = `the grid has ${size} settings, over ${trialsMax}: search at random, or by halving`;
    faults.push({ path: ['space'], message });
  }
  if (!parsed.success || compared === undefined || faults.length > 0) return { faults };
  faults.push(...clashesOf(settingsToTry(parsed.data.search, found, parsed.data.randomSeed), found));
  if (faults.length > 0) return { faults };
  return { question: { ...parsed.data, saves: read, space: found, baseline: compared }, faults };
}

/** Paths are from the folder of the file. */
function inFolder(saves: Readonly<Record<string, unknown>>, folder: string): SplitInput {
  const places = ['data', 'train', 'test'].filter(
    (name) => typeof saves[name] === 'string' && saves[name] !== '',
  );
  const resolved = places.map((name) => [name, path.resolve(folder, saves[name] as string)]);
  return { ...saves, ...Object.fromEntries(resolved) } as SplitInput;
}

function at(place: string, faults: readonly FieldFault[]): PlacedFault[] {
  return faults.map(({ field, fault }) => {
    return { path: field === undefined ? [place] : [place, field], message: fault };
  });
}

/** What is wrong with a value: what it is, and what it has to be. */
function inOurWords({ path: place, input }: { path?: PropertyKey[] | undefined; input?: unknown }): string {
  const wanted =
    sweepFields[(place ?? []).map((step) => (typeof step === 'number' ? '*' : String(step))).join('.')];
  // Of a union, zod gives the whole value, not its discriminator.
  const value = place?.at(-1) === 'method' && isObject(input) ? input['method'] : input;
  if (value === undefined) return `is missing: it has to be ${wanted}`;
  return wanted === undefined
    ? 'is no sweep: docs/sweep.md has an example'
    : `${told(value)} is not ${wanted}`;
}

function told(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}

function placed(issue: z.core.$ZodIssue): PlacedFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  const inside = issue.path.map((step) => (typeof step === 'number' ? '*' : String(step))).join('.');
  const prefix = inside === '' ? '' : `${inside}.`;
  const names = Object.keys(sweepFields)
    .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'))
    .map((name) => name.slice(prefix.length));
  const method = inside === 'search' ? ' for this method' : '';
  return issue.keys.map((name) => ({
    path: [...issue.path, name],
    isKey: true,
    message: `there is no ${name} here${method}; there are ${names.join(', ')}`,
  }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
