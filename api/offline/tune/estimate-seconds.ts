import { resolvePipeline } from '../../../engine/index.ts';
import { EvaluationPool, type OfflineModels, evaluatedBoards, recommendLists } from '../evaluate/index.ts';
import type { SweepPlan, SweepSplits } from './plan-sweep.ts';
import type { SweepDefinition } from './sweep-definition.ts';

const settingsTimed = 6;
const usersTimed = 24;
/** The overhead of a trial beside its queries. */
const secondsPerTrial = 0.05;

/** Estimates the duration of a whole sweep in seconds, by timing some queries of some of its settings. */
export async function estimateSeconds(
  { k, queryPins, randomSeed, linear }: SweepDefinition,
  { validation }: SweepSplits,
  { settings, rungs, queries }: SweepPlan,
  threads: number,
  models: OfflineModels | undefined,
): Promise<number> {
  const [boards] = evaluatedBoards(validation.slice(0, 1), { randomSeed, usersMax: usersTimed });
  const timed = Math.min(settingsTimed, settings.length);
  let ms = 0;
  const pool = new EvaluationPool(1, linear);
  for (let i = 0; i < timed; i++) {
    const { name: servedAs, ...setting } = settings[Math.floor((i * settings.length) / timed)]!;
    const pipeline = resolvePipeline(setting);
    const options = { k, queryPins, randomSeed, threads: 1, pool, models, servedAs };
    const lists = await recommendLists(validation[0]!, boards!, pipeline, options);
    ms += lists.ms.reduce((sum, each) => sum + each, 0);
  }
  await pool.destroy();
  const msPerQuery = ms / (timed * boards!.length);
  const trials = rungs.reduce((sum, rung) => sum + rung.settings, 0) * validation.length + 2;
  return (queries * msPerQuery) / 1000 / threads + trials * secondsPerTrial;
}
