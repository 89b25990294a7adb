import { type ParamSpec, algorithms, presets } from '../../../../engine/index.ts';
import type { ParamValue, QueryEntry, Settings } from '../address/index.ts';

export type { ParamSpec };

/** What can be asked with: the engine's own lists, so that names, ranges and meanings are those of the server. */
export const algorithmNames: readonly string[] = Object.keys(algorithms);
export const presetNames: readonly string[] = Object.keys(presets);

/** What the server takes when no algorithm is named. */
export function usualAlgorithm(query: readonly QueryEntry[]): string {
  if (query.some(({ kind }) => kind === 'user')) return 'feed';
  return query.some(({ kind }) => kind === 'board') ? 'ideas' : 'related';
}

/** Parameters of the algorithm that settings come to, with what each is at when it is not set. */
export function parametersOf(
  { algorithm }: Settings,
  query: readonly QueryEntry[],
): { name: string; parameters: { name: string; spec: ParamSpec; usual: ParamValue }[] } {
  const asked = algorithm ?? usualAlgorithm(query);
  const preset = Object.hasOwn(presets, asked) ? presets[asked as keyof typeof presets] : undefined;
  const name = preset?.algorithm ?? asked;
  const specs = Object.hasOwn(algorithms, name) ? algorithms[name as keyof typeof algorithms] : {};
  const parameters = Object.entries(specs).map(([param, spec]) => {
    return { name: param, spec, usual: preset?.params[param] ?? spec.default };
  });
  return { name, parameters };
}

/** Those that most people turn; the others are folded away. */
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
  readonly label: string;
  readonly about: string;
  readonly min: number;
  readonly max: number;
  readonly usual: number;
  readonly isInteger: boolean;
}

/** What every algorithm takes, as far as a slider goes; docs/parameters.md has the whole ranges. */
export const scalarSettings: readonly ScalarSetting[] = [
  {
    name: 'diversity',
    label: 'diversity',
    about: 'how much unlikeness to the items above counts against relevance',
    min: 0,
    max: 1,
    usual: 0,
    isInteger: false,
  },
  {
    name: 'hubCorrection',
    label: 'hubCorrection',
    about: "how much a pin's global PageRank counts against it; below 0, for it",
    min: -1,
    max: 1,
    usual: 0,
    isInteger: false,
  },
  {
    name: 'minRelevance',
    label: 'minRelevance',
    about: 'items below this share of the best score are left out',
    min: 0,
    max: 1,
    usual: 0,
    isInteger: false,
  },
  {
    name: 'limit',
    label: 'limit',
    about: 'how many items at most',
    min: 1,
    max: 100,
    usual: 20,
    isInteger: true,
  },
  {
    name: 'halfLifeDays',
    label: 'halfLifeDays',
    about: "days in which a user's save comes to count half",
    min: 1,
    max: 3650,
    usual: 180,
    isInteger: true,
  },
  {
    name: 'randomSeed',
    label: 'randomSeed',
    about: 'the same graph, request and seed are answered with the same items',
    min: 0,
    max: 100,
    usual: 1,
    isInteger: true,
  },
];
