import {
  type Params,
  type Rung,
  type SaveSplit,
  resolvePipeline,
  rungsOf,
  settingsOf,
} from '../../../engine/index.ts';
import { type NamedSettings, evaluatedBoards } from '../evaluate/index.ts';
import type { SweepDefinition } from './sweep-definition.ts';
import { settingsToTry } from './sweep-settings.ts';

/** The splits of a sweep. */
export interface SweepSplits {
  readonly validation: readonly SaveSplit[];
  readonly test: SaveSplit;
}

/** A setting of a sweep, with resolved parameters. */
export interface NumberedSettings extends NamedSettings {
  /** From 1. */
  readonly number: number;
  /** The parameters that the search varies. */
  readonly varied: Params;
}

/** The trials that a sweep will run. */
export interface SweepPlan {
  readonly settings: readonly NumberedSettings[];
  readonly rungs: readonly Rung[];
  /** Queries of all rounds and of the test part. */
  readonly queries: number;
}

/** The settings of a sweep, and the number of users that each round evaluates. */
export function planSweep(sweep: SweepDefinition, { validation, test }: SweepSplits): SweepPlan {
  const { search, space, randomSeed, users = Infinity, testUsers = Infinity } = sweep;
  const settings = settingsToTry(search, space, randomSeed).map(
    ({ space: { name, algorithm, params: searched }, params }, i) => {
      const varied = Object.fromEntries(Object.keys(searched).map((param) => [param, params[param]!]));
      const { params: resolved } = settingsOf(resolvePipeline({ algorithm, params }));
      return { number: i + 1, name, varied, algorithm, params: resolved };
    },
  );
  const boards = evaluatedBoards(validation, { randomSeed }).flatMap((each) => Array.from(each));
  const usersMax = Math.min(users, new Set(boards).size);
  const rungs =
    search.method === 'halving'
      ? rungsOf(settings.length, usersMax, search.eta, search.usersMin)
      : [{ settings: settings.length, users: usersMax }];
  const ofValidation = rungs.reduce((sum, rung) => sum + rung.settings * rung.users, 0) * validation.length;
  const ofTest = Math.min(testUsers, evaluatedBoards([test], { randomSeed })[0]!.length);
  return { settings, rungs, queries: ofValidation + 2 * ofTest };
}
