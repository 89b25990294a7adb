import {
  type Params,
  type PipelineSettings,
  changeSettings,
  exactTwinOf,
  meanOf,
  resolvePipeline,
} from '../../../engine/index.ts';
import { type ListOptions, recommendListsOf } from '../evaluate/index.ts';
import type { TrialQueries } from './trials.ts';

/** Number of queries from which the cost of one is estimated. */
const sampleSize = 128;
/**
 * Time of a unit of work of exact scores in units of a walk, whose steps wait less for memory: 2.3 to 2.6 on gowalla, pinterest and
 * yelp2018, from 27,500, 31,300 and 58,700 units.
 */
const unitsPerUnit = 2;

/** Settings of a preset with its levers changed: those of the walk, or the exact scores that it samples. */
export function tunedSettings(base: PipelineSettings, changes: Params, isExact: boolean): PipelineSettings {
  const walk = changeSettings(base, changes);
  return (isExact ? exactTwinOf(walk) : undefined) ?? walk;
}

/**
 * What an exact query costs in steps of a walk, on average, if that is no more than the walk that samples it; else
 * undefined. Counted, not timed, on the first queries.
 */
export async function exactCostOf(
  walk: PipelineSettings,
  { split, nodes, queryPins, known, areUsers }: TrialQueries,
  options: Pick<ListOptions, 'pool' | 'randomSeed' | 'threads'>,
): Promise<number | undefined> {
  const twin = exactTwinOf(walk);
  if (twin === undefined) return undefined;
  const pipelines = [walk, twin].map((each) => resolvePipeline(each));
  const some = nodes.subarray(0, sampleSize);
  const lists = await recommendListsOf(split, some, pipelines, {
    ...options,
    k: 1,
    queryPins,
    known,
    areUsers,
  });
  const [ofWalk, ofTwin] = lists.map(({ work }) => meanOf(work));
  return unitsPerUnit * ofTwin! <= ofWalk! ? unitsPerUnit * ofTwin! : undefined;
}
