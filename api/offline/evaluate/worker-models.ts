import type { Pipeline, ScoreByModel } from '../../../engine/index.ts';
import { localModels, openDataFolder } from '../../../graph-data/index.ts';
import { RequestScorer } from '../../recommend/index.ts';

/** What scores the boards of a task by models. */
export interface TaskModels {
  readonly folder: string;
  /** By pin: the number of its key. */
  readonly pinNumbers: Float64Array;
  /** The preset or algorithm, as impressions name it. */
  readonly servedAs: string;
  /** By place of the board in the task: when it is scored, and for whom. */
  readonly asOf: Float64Array;
  readonly users: readonly (string | undefined)[];
}

/** The models of a folder, as of a time that only goes forward. */
interface Clock {
  readonly folder: string;
  time: number;
  readonly models: ReturnType<typeof localModels>;
}

let clock: Clock | undefined;

/** What scores the candidates of a board as a request does. Counters only go forward: for an earlier time, they are counted anew. */
export function scorerOf(
  { folder, pinNumbers, servedAs, asOf, users }: TaskModels,
  place: number,
  pipeline: Pipeline,
): ScoreByModel {
  const time = asOf[place]!;
  if (clock?.folder !== folder || clock.time > time) clock = clockOf(folder, time);
  clock.time = time;
  const request = { audience: { user: users[place] }, algorithm: servedAs, pipeline };
  return new RequestScorer(clock.models, { of: (pin) => pinNumbers[pin]! }, request).score;
}

function clockOf(folder: string, time: number): Clock {
  const made: Clock = { folder, time, models: localModels(openDataFolder(folder), () => made.time) };
  return made;
}
