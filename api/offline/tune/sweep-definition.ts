import path from 'node:path';
import { z } from 'zod';
import {
  type AccuracyMetric,
  type LinearBuildParams,
  type OwnPresets,
  type ParamSpec,
  type SearchSpace,
  accuracyMetrics,
  gridSize,
  linearBuildParams,
  randomSeedMax,
  unknownName,
} from '../../../engine/index.ts';
import { linearParamsSchema } from '../../contract/index.ts';
import { fileFormats } from '../../../graph-data/index.ts';
import {
  type FieldFault,
  type SplitInput,
  type SplitName,
  type NamedSettings,
  namedSettings,
  savesFields,
  splitFaults,
  splitOptionFaults,
} from '../evaluate/index.ts';
import { type PlacedFault, readSpace } from './read-space.ts';
import { type SearchMethod, conflictsOf, settingsToTry } from './sweep-settings.ts';

/** A sweep: the data, the settings to try, and the criterion. */
export interface SweepDefinition {
  readonly saves: SplitInput;
  readonly validation: SplitInput;
  readonly search: SearchMethod;
  readonly space: readonly SearchSpace[];
  /** The setting that the chosen one is compared with on the test part. */
  readonly baseline: NamedSettings;
  /** How the item weights of `linear` and `linearShare` are computed. */
  readonly linear?: Partial<LinearBuildParams> | undefined;
  readonly metric: AccuracyMetric;
  readonly k: number;
  readonly queryPins: number;
  /** Users of the validation part to evaluate; undefined for all. */
  readonly users?: number | undefined;
  /** Users of the test part to evaluate; undefined for all. */
  readonly testUsers?: number | undefined;
  readonly randomSeed: number;
  readonly resamples: number;
  /** Maximum latency of a setting, in milliseconds per query. */
  readonly limits: { readonly p50Ms?: number | undefined; readonly p99Ms?: number | undefined };
}

/** Maximum number of trials of a sweep. */
const trialsMax = 10_000;

const testSplits: SplitName[] = ['test', 'holdOut', 'holdOutAfter', 'holdOutLatest', 'leaveLastOut'];
const validationSplits: SplitName[] = ['holdOut', 'holdOutAfter', 'holdOutLatest', 'leaveLastOut', 'folds'];

const { folds, test, ...fieldsOfBoth } = savesFields;
const { holdOut, holdOutAfter, holdOutLatest, leaveLastOut } = fieldsOfBoth;
const trials = z.int().min(1).max(trialsMax);
const milliseconds = z.number().positive().optional();

/** The expected value of each field, for messages. */
const expectedValues: Readonly<Record<string, string>> = {
  saves: 'an object with train (a file) or data (a data folder), and a split option for the test part',
  'saves.data': 'the path of a data folder',
  'saves.train': 'the path of a file of saves',
  'saves.columns': 'a list of column names',
  'saves.format': `one of ${fileFormats.join(', ')}`,
  'saves.header': 'true or false',
  'saves.delimiter': 'a delimiter, such as ";"',
  'saves.encoding': 'the name of an encoding, such as latin1',
  'saves.skip': 'an integer of at least 0',
  'saves.dateFormat': 'a format of times, such as "%d/%m/%Y"',
  'saves.minWeight': 'a number of at least 0',
  'saves.test': 'the path of a file of saves',
  'saves.holdOut': 'a number between 0 and 1',
  'saves.holdOutAfter': 'a date (2018-01-01) or a Unix time',
  'saves.holdOutLatest': 'a number between 0 and 1',
  'saves.leaveLastOut': 'true',
  validation: 'an object with a split option for the validation part, such as holdOut: 0.1',
  'validation.holdOut': 'a number between 0 and 1',
  'validation.holdOutAfter': 'a date (2018-01-01) or a Unix time',
  'validation.holdOutLatest': 'a number between 0 and 1',
  'validation.leaveLastOut': 'true',
  'validation.folds': 'an integer in [2, 100]',
  search: 'an object with method and its options',
  'search.method': 'grid, random or halving',
  'search.trials': `an integer in [1, ${trialsMax}]`,
  'search.eta': 'an integer in [2, 10]',
  'search.usersMin': 'an integer of at least 1',
  space: 'a list of algorithms with their params',
  'space.*': 'an object with algorithm and params',
  'space.*.algorithm': 'the name of an algorithm or a preset',
  'space.*.params': 'parameters by name',
  baseline: 'the name of an algorithm or a preset',
  linear: 'an object with build parameters of item weights: docs/linear.md',
  ...Object.fromEntries(
    Object.entries(linearBuildParams).map(([name, spec]) => [`linear.${name}`, rangeText(spec)]),
  ),
  metric: `one of ${accuracyMetrics.join(', ')}`,
  k: 'an integer in [1, 1000]',
  queryPins: 'an integer of at least 1',
  users: 'an integer of at least 1',
  testUsers: 'an integer of at least 1',
  randomSeed: `an integer in [0, ${randomSeedMax}]`,
  resamples: 'an integer in [100, 1000000]',
  limits: 'an object with p50Ms, p99Ms or both',
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
  linear: linearParamsSchema.optional(),
  metric: z.enum(accuracyMetrics).default('ndcg'),
  k: z.int().min(1).max(1000).default(20),
  queryPins: z.int().min(1).default(Infinity),
  users: z.int().min(1).optional(),
  testUsers: z.int().min(1).optional(),
  randomSeed: z.int().min(0).max(randomSeedMax).default(1),
  resamples: z.int().min(100).max(1_000_000).default(2_000),
  limits: z.strictObject({ p50Ms: milliseconds, p99Ms: milliseconds }).default({}),
});

/** The presets of a data folder; of the default folder for undefined. */
export type PresetsOf = (dataFolder: string | undefined) => OwnPresets;

/** Checks the value of a sweep file in `folder`: returns the sweep, or all faults with their places. */
export function checkSweep(
  value: unknown,
  folder: string,
  presetsOf: PresetsOf,
): { readonly sweep?: SweepDefinition; readonly faults: readonly PlacedFault[] } {
  const parsed = fileSchema.safeParse(value, { error: faultMessage });
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(faultsOfIssue);
  // Checked also after faults of the schema, to report all faults at once.
  const { saves, validation, search, space, baseline } = (isObject(value) ? value : {}) as Record<
    string,
    unknown
  >;
  const read = isObject(saves) ? inFolder(saves, folder) : {};
  if (isObject(saves)) faults.push(...at('saves', splitFaults(read, testSplits)));
  if (isObject(validation)) faults.push(...at('validation', splitOptionFaults(validation, validationSplits)));
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
    const message = `the grid has ${size} settings, more than ${trialsMax}: use random search or halving`;
    faults.push({ path: ['space'], message });
  }
  if (!parsed.success || compared === undefined || faults.length > 0) return { faults };
  faults.push(...conflictsOf(settingsToTry(parsed.data.search, found, parsed.data.randomSeed), found));
  if (faults.length > 0) return { faults };
  return { sweep: { ...parsed.data, saves: read, space: found, baseline: compared }, faults };
}

/** Resolves paths relative to the folder of the file. */
function inFolder(saves: Readonly<Record<string, unknown>>, folder: string): SplitInput {
  const names = ['data', 'train', 'test'].filter(
    (name) => typeof saves[name] === 'string' && saves[name] !== '',
  );
  const resolved = names.map((name) => [name, path.resolve(folder, saves[name] as string)]);
  return { ...saves, ...Object.fromEntries(resolved) } as SplitInput;
}

function at(place: string, faults: readonly FieldFault[]): PlacedFault[] {
  return faults.map(({ field, fault }) => {
    return { path: field === undefined ? [place] : [place, field], message: fault };
  });
}

/** The message of a fault: the value found and the value expected. */
function faultMessage({ path: place, input }: { path?: PropertyKey[] | undefined; input?: unknown }): string {
  const expected = expectedValues[fieldName(place ?? [])];
  // For a union, zod passes the whole value, not its discriminator.
  const value = place?.at(-1) === 'method' && isObject(input) ? input['method'] : input;
  if (expected === undefined) return 'this is not a sweep definition: docs/sweep.md has an example';
  return value === undefined ? `is missing: expected ${expected}` : `${valueText(value)} is not ${expected}`;
}

function rangeText(spec: ParamSpec): string {
  if (!('min' in spec)) return spec.kind;
  return `${spec.kind === 'integer' ? 'an integer' : 'a number'} in [${spec.min}, ${spec.max}]`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}

/** `space.*.params` for [space, 0, params]. */
function fieldName(place: readonly PropertyKey[]): string {
  return place.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.');
}

function faultsOfIssue(issue: z.core.$ZodIssue): PlacedFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  const inside = fieldName(issue.path);
  const prefix = inside === '' ? '' : `${inside}.`;
  const names = Object.keys(expectedValues)
    .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'))
    .map((name) => name.slice(prefix.length));
  const method = inside === 'search' ? ' for this method' : '';
  return issue.keys.map((name) => ({
    path: [...issue.path, name],
    isKey: true,
    message: `unknown field${method}; the fields are ${names.join(', ')}`,
  }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
