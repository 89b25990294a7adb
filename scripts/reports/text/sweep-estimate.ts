import { EvaluationPool, evaluatedBoards, recommendLists } from '../../../api/offline/evaluate/index.ts';
import type { SweepPlan, SweepDefinition, SweepSplits } from '../../../api/offline/tune/index.ts';
import { resolvePipeline } from '../../../engine/index.ts';

const settingsTimed = 6;
const usersTimed = 24;
/** What a trial takes beside its queries. */
const secondsPerTrial = 0.05;

/** About how many seconds a sweep takes from its start, from a few queries of some of its settings. */
export async function estimateSeconds(
  { k, queryPins, randomSeed }: SweepDefinition,
  { validation }: SweepSplits,
  { settings, rungs, queries }: SweepPlan,
  threads: number,
): Promise<number> {
  const [boards] = evaluatedBoards(validation.slice(0, 1), { randomSeed, usersMax: usersTimed });
  const step = Math.max(settings.length / settingsTimed, 1);
  const some = Array.from(
    { length: Math.min(settingsTimed, settings.length) },
    (_, i) => settings[Math.floor(i * step)]!,
  );
  let ms = 0;
  const pool = new EvaluationPool(1);
  for (const one of some) {
    const options = { k, queryPins, randomSeed, threads: 1, pool };
    const lists = await recommendLists(validation[0]!, boards!, resolvePipeline(one), options);
    ms += lists.ms.reduce((sum, each) => sum + each, 0);
  }
  await pool.destroy();
  const msPerQuery = ms / (some.length * boards!.length);
  const trials = rungs.reduce((sum, rung) => sum + rung.settings, 0) * validation.length + 2;
  return (queries * msPerQuery) / 1000 / threads + trials * secondsPerTrial;
}
