import {
  AskPool,
  type SweepPlan,
  type SweepQuestion,
  type SweepSplits,
  ask,
  boardsAsked,
} from '../../../api/index.ts';

const settingsAsked = 6;
const usersAsked = 24;
/** What a trial takes beside its queries. */
const secondsPerTrial = 0.05;

/** About how many seconds a sweep takes from its start, from a few queries of some of its settings. */
export async function estimateSeconds(
  { k, queryPins, randomSeed }: SweepQuestion,
  { validation }: SweepSplits,
  { settings, rungs, queries }: SweepPlan,
  threads: number,
): Promise<number> {
  const [boards] = boardsAsked(validation.slice(0, 1), { randomSeed, usersMax: usersAsked });
  const step = Math.max(settings.length / settingsAsked, 1);
  const some = Array.from(
    { length: Math.min(settingsAsked, settings.length) },
    (_, i) => settings[Math.floor(i * step)]!,
  );
  let ms = 0;
  const pool = new AskPool(1);
  for (const { algorithm, params } of some) {
    const how = { k, queryPins, randomSeed, threads: 1, pool };
    const answers = await ask(validation[0]!, boards!, algorithm, params, how);
    ms += answers.ms.reduce((sum, each) => sum + each, 0);
  }
  await pool.destroy();
  const msPerQuery = ms / (some.length * boards!.length);
  const trials = rungs.reduce((sum, rung) => sum + rung.settings, 0) * validation.length + 2;
  return (queries * msPerQuery) / 1000 / threads + trials * secondsPerTrial;
}
