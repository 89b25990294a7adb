import { type ParamSpec, algorithms, presets } from '../../../../engine/index.ts';
import type { ParamValue, QueryEntry, Settings } from '../address/index.ts';

/** The engine's own lists, so that names, ranges and meanings are those of the server. */
export const algorithmNames: readonly string[] = Object.keys(algorithms);
export const presetNames: readonly string[] = Object.keys(presets);

/** What the server uses when the request names no algorithm. */
export function defaultAlgorithm(query: readonly QueryEntry[]): string {
  if (query.some(({ kind }) => kind === 'user')) return 'feed';
  return query.some(({ kind }) => kind === 'board') ? 'ideas' : 'related';
}

/** A parameter of an algorithm; the default may be that of a preset. */
export interface Parameter {
  readonly name: string;
  readonly spec: ParamSpec;
  readonly defaultValue: ParamValue;
}

/** The parameters of the algorithm that the settings and the query select. */
export function parametersOf(
  { algorithm }: Pick<Settings, 'algorithm'>,
  query: readonly QueryEntry[],
): Parameter[] {
  const chosen = algorithm ?? defaultAlgorithm(query);
  const preset = Object.hasOwn(presets, chosen) ? presets[chosen as keyof typeof presets] : undefined;
  const name = preset?.algorithm ?? chosen;
  const specs = Object.hasOwn(algorithms, name) ? algorithms[name as keyof typeof algorithms] : {};
  return Object.entries(specs).map(([param, spec]) => {
    return { name: param, spec, defaultValue: preset?.params[param] ?? spec.default };
  });
}

/** Parameters that are shown at once; the others are folded away. */
export const mainParameters: ReadonlySet<string> = new Set([
  'steps',
  'stepsPerQueryPin',
  'restartProbability',
  'popularityDiscount',
  'boost',
  'x',
  'y',
  'z',
  'residualMax',
  'neighborsMax',
  'shrinkage',
]);

export interface ScalarSetting {
  readonly name: 'limit' | 'diversity' | 'hubCorrection' | 'minRelevance' | 'halfLifeDays' | 'randomSeed';
  readonly about: string;
  readonly min: number;
  readonly max: number;
  readonly defaultValue: number;
  readonly isInteger: boolean;
}

/** Settings of every algorithm, with the range of their slider; docs/parameters.md has the whole ranges. */
export const scalarSettings: readonly ScalarSetting[] = [
  {
    name: 'diversity',
    about: '0 = pure relevance, 1 = maximum variety',
    min: 0,
    max: 1,
    defaultValue: 0,
    isInteger: false,
  },
  {
    name: 'hubCorrection',
    about: 'lowers pins with a high global PageRank; a negative value raises them',
    min: -1,
    max: 1,
    defaultValue: 0,
    isInteger: false,
  },
  {
    name: 'minRelevance',
    about: 'removes items that score below this share of the best score',
    min: 0,
    max: 1,
    defaultValue: 0,
    isInteger: false,
  },
  {
    name: 'limit',
    about: 'maximum number of items',
    min: 1,
    max: 100,
    defaultValue: 20,
    isInteger: true,
  },
  {
    name: 'halfLifeDays',
    about: "days after which a user's save counts half",
    min: 1,
    max: 3650,
    defaultValue: 180,
    isInteger: true,
  },
  {
    name: 'randomSeed',
    about: 'the same graph, request and seed give the same items',
    min: 0,
    max: 100,
    defaultValue: 1,
    isInteger: true,
  },
];
